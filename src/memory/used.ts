import type { Db, MemoryKind } from '../database/tables.ts'
import { gistsOf } from './gists.ts'

type Reader = { id: string }
export type Used = { id: string; kind: MemoryKind; text: string; gist: string | null }

/** Notes what an answer used of what is still there. */
export async function noteUsed(answer: string, ids: string[], user: Reader, db: Db) {
  if (ids.length === 0) return
  const there = db.selectFrom('memories').where('account_id', '=', user.id).where('id', 'in', ids)
  await db
    .insertInto('used_memories')
    .columns(['message_id', 'memory_id'])
    .expression(there.select((eb) => [eb.val(answer).as('message_id'), 'id as memory_id']))
    .onConflict((conflict) => conflict.columns(['message_id', 'memory_id']).doNothing())
    .execute()
}

/** What each of these answers used, by the id of its message. */
export async function memoriesUsed(answers: string[], user: Reader, db: Db): Promise<Record<string, Used[]>> {
  const used: Record<string, Used[]> = {}
  if (answers.length === 0) return used
  const rows = await db
    .selectFrom('used_memories')
    .innerJoin('memories', 'memories.id', 'used_memories.memory_id')
    .where('used_memories.message_id', 'in', answers)
    .where('account_id', '=', user.id)
    .select(['used_memories.message_id', 'memories.id', 'kind', 'text'])
    .orderBy('memories.id', 'desc')
    .execute()
  const gists = await gistsOf(
    rows.map(({ id }) => id),
    user,
    db
  )
  for (const { message_id, ...memory } of rows) {
    used[message_id] ??= []
    used[message_id].push({ ...memory, gist: gists.get(memory.id) ?? null })
  }
  return used
}
