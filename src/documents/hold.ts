import { randomBytes } from 'node:crypto'
import type { ExpressionBuilder, RawBuilder, UpdateObject } from 'kysely'
import type { Db, DocumentState, Tables } from '../database/tables.ts'
import { unfinished, unread } from './turns.ts'

const holdMs = 60_000

/** A document that one process has to itself until the time is over, unless it asks for more. */
export type Held = {
  id: string
  workspace_id: string
  title: string
  origin: 'file' | 'text' | 'page'
  source_url: string | null
  file: string
  /** How far it had come before. */
  state: DocumentState
  tries: number
  by: string
}

/** Another process has taken the document over, or it was deleted meanwhile. */
export class LostHold extends Error {}

const until = (now: Date) => new Date(now.getTime() + holdMs).toISOString()

/** The document whose turn it is and that nobody reads; what can be searched already goes after what cannot. */
export async function holdNext(db: Db, now: Date): Promise<Held | undefined> {
  return (await holdFirst(unread, db, now)) ?? (await holdFirst(unfinished, db, now))
}

const heldByNobody = (now: Date) => (eb: ExpressionBuilder<Tables, 'documents'>) =>
  eb.or([eb('held_until', 'is', null), eb('held_until', '<=', now.toISOString())])

const firstFree = (which: RawBuilder<boolean>, db: Db, now: Date) =>
  db.selectFrom('documents').select('id').where(which).where(heldByNobody(now)).orderBy('turn').orderBy('id').limit(1)

/** Whether a document waits that cannot be searched yet. */
export const somethingIsUnread = async (db: Db, now: Date) =>
  (await firstFree(unread, db, now).executeTakeFirst()) !== undefined

/** Another process may take the very same one in between; then there is the next. */
async function holdFirst(which: RawBuilder<boolean>, db: Db, now: Date): Promise<Held | undefined> {
  const by = randomBytes(12).toString('hex')
  const free = firstFree(which, db, now)
  for (let next = await free.executeTakeFirst(); next; next = await free.executeTakeFirst()) {
    const held = await db
      .updateTable('documents')
      .set((eb) => ({ held_by: by, held_until: until(now), tries: eb('tries', '+', 1) }))
      .where('id', '=', next.id)
      .where(which)
      .where(heldByNobody(now))
      .returning(['id', 'workspace_id', 'title', 'origin', 'source_url', 'file', 'state', 'tries'])
      .executeTakeFirst()
    if (held) return { ...held, by }
  }
}

/** Changes a document as long as it is held. */
export async function change({ id, by }: Held, set: UpdateObject<Tables, 'documents'>, db: Db) {
  const done = await db
    .updateTable('documents')
    .set(set)
    .where('id', '=', id)
    .where('held_by', '=', by)
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) throw new LostHold()
}

/** Puts a document back as if it had never been held. */
export const handBack = (held: Held, db: Db) =>
  change(held, { tries: held.tries - 1, held_by: null, held_until: null }, db)

export const holdOn = (held: Held, db: Db, now: Date) => change(held, { held_until: until(now) }, db)

/** What was held by a process that is gone, on a database that only one process uses. */
export async function releaseAll(db: Db) {
  for (const which of [unread, unfinished]) {
    await db.updateTable('documents').set({ held_by: null, held_until: null }).where(which).execute()
  }
}
