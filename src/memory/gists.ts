import type { Db } from '../database/tables.ts'

type Reader = { id: string }

/** What was answered in these exchanges, as far as their reader may still read the documents it is from. */
export async function gistsOf(ids: string[], user: Reader, db: Db): Promise<Map<string, string>> {
  const gists = new Map<string, string>()
  if (ids.length === 0) return gists
  const rows = await db
    .selectFrom('memory_gists')
    .innerJoin('memories', 'memories.id', 'memory_gists.memory_id')
    .innerJoin('memberships', (join) =>
      join
        .onRef('memberships.workspace_id', '=', 'memory_gists.workspace_id')
        .onRef('memberships.account_id', '=', 'memories.account_id')
    )
    .where('memories.account_id', '=', user.id)
    .where('memory_id', 'in', ids)
    .select(['memory_id', 'memory_gists.text'])
    .orderBy('memory_id')
    .orderBy('k')
    .execute()
  for (const { memory_id, text } of rows) {
    const before = gists.get(memory_id)
    gists.set(memory_id, before ? `${before} ${text}` : text)
  }
  return gists
}

/** A memory in one text: what was said, or what was asked and how it was answered. */
export const wholeText = ({ text, gist }: { text: string; gist: string | null }) => (gist ? `${text} — ${gist}` : text)
