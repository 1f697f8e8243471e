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
  const notes = await db
    .selectFrom('used_memories')
    .where('message_id', 'in', answers)
    .select(['message_id', 'memory_id'])
    .execute()
  if (notes.length === 0) return used
  // By their ids: what is noted here is little beside all that is remembered.
  const memories = await db
    .selectFrom('memories')
    .where('account_id', '=', user.id)
    .where('id', 'in', [...new Set(notes.map(({ memory_id }) => memory_id))])
    .select(['id', 'kind', 'text'])
    .orderBy('id', 'desc')
    .execute()
  const gists = await gistsOf(
    memories.map(({ id }) => id),
    user,
    db
  )
  for (const memory of memories) {
    for (const { message_id } of notes.filter(({ memory_id }) => memory_id === memory.id)) {
      used[message_id] ??= []
      used[message_id].push({ ...memory, gist: gists.get(memory.id) ?? null })
    }
  }
  return used
}
