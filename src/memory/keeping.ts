import { createHash } from 'node:crypto'
import type { Db, MemoryKind } from '../database/tables.ts'
import { newId } from '../ids.ts'

type Reader = { id: string }
export type Gist = { text: string; document: string }
/** What was asked and answered, and where. */
export type Exchange = { workspace: string; answer: string; gists: Gist[] }
export type Keepsake = { kind: MemoryKind; text: string; message?: string; exchange?: Exchange }

const longest = 500

/** On one line, and no longer than anybody wants to be reminded of. */
export function tidy(text: string): string {
  const letters = [...text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()]
  return letters.length > longest
    ? `${letters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`
    : letters.join('')
}

/** By this the same thing said twice is known, whatever its capitals and its last stop. */
export function sameAs(text: string, workspace = ''): string {
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s"“]+|[\s"”.!?]+$/g, '')
  return createHash('sha256').update(`${workspace}\n${folded}`).digest('base64url')
}

/**
 * Keeps one thing; what is known already is only told its newer place. Whoever keeps has counted it as a change of the
 * notebook in `tx`, and for an exchange has made sure that its documents stay until the end of it.
 */
export async function keep(tx: Db, user: Reader, one: Keepsake, revision: number, now: Date): Promise<string> {
  const { kind, exchange, message: message_id = null } = one
  const [at, text] = [now.toISOString(), tidy(one.text)]
  const place = { workspace_id: exchange?.workspace ?? null, answer_id: exchange?.answer ?? null, message_id }
  const { id } = await tx
    .insertInto('memories')
    .values({
      ...{
        id: newId(),
        account_id: user.id,
        kind,
        text,
        same_as: sameAs(text, exchange?.workspace),
        ...place,
        revision
      },
      created_at: at,
      updated_at: at
    })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'same_as']).doUpdateSet((eb) => ({
        revision,
        updated_at: at,
        message_id: eb.fn.coalesce('excluded.message_id', 'memories.message_id'),
        answer_id: eb.ref('excluded.answer_id')
      }))
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  if (exchange) await keepGists(tx, id, exchange)
  return id
}

/** Of documents that are still there. */
async function keepGists(tx: Db, memory_id: string, { workspace: workspace_id, gists }: Exchange) {
  await tx.deleteFrom('memory_gists').where('memory_id', '=', memory_id).execute()
  await tx.deleteFrom('memory_vectors').where('memory_id', '=', memory_id).execute()
  const documents = await tx
    .selectFrom('documents')
    .select('id')
    .where('workspace_id', '=', workspace_id)
    .where('id', 'in', [...gists.map(({ document }) => document), ''])
    .execute()
  const there = new Set(documents.map(({ id }) => id))
  const rows = gists
    .filter(({ document }) => there.has(document))
    .map(({ document, text }, k) => ({ memory_id, k, text: tidy(text), workspace_id, document_id: document }))
  if (rows.length > 0) await tx.insertInto('memory_gists').values(rows).execute()
}
