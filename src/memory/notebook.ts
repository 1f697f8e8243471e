import { randomBytes } from 'node:crypto'
import type { Db } from '../database/tables.ts'

type Reader = { id: string }

const newIndexName = () => randomBytes(16).toString('hex')

/** Every account has one from its first moment. */
export async function makeNotebook(tx: Db, { id: account_id }: Reader) {
  await tx.insertInto('notebooks').values({ account_id, index_name: newIndexName(), off_since: null }).execute()
}

/** Counts a change of what is remembered; whoever counts has the notebook to themselves until the end of `tx`. */
export async function nextRevision(tx: Db, account: string): Promise<number> {
  const { revision } = await tx
    .updateTable('notebooks')
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('account_id', '=', account)
    .returning('revision')
    .executeTakeFirstOrThrow()
  return revision
}

/** The one that things are kept in now and used from; undefined while memory is off. Another one was begun anew. */
export async function openNotebook({ id }: Reader, db: Db): Promise<string | undefined> {
  const row = await db
    .selectFrom('notebooks')
    .select(['index_name', 'off_since'])
    .where('account_id', '=', id)
    .executeTakeFirst()
  return row?.off_since === null ? row.index_name : undefined
}

export const isOn = async (user: Reader, db: Db) => (await openNotebook(user, db)) !== undefined

export async function switchMemory({ id }: Reader, on: boolean, db: Db, now: Date) {
  await db
    .updateTable('notebooks')
    .set({ off_since: on ? null : now.toISOString() })
    .where('account_id', '=', id)
    .$if(!on, (query) => query.where('off_since', 'is', null))
    .execute()
}

/** Begins an empty one; the index of the one before is left over to be removed from the disk. `tx` must be a transaction. */
export async function beginAnew(tx: Db, { id }: Reader) {
  await nextRevision(tx, id)
  const mine = tx.selectFrom('notebooks').where('account_id', '=', id)
  await tx
    .insertInto('leftovers')
    .columns(['kind', 'name'])
    .expression(mine.select((eb) => [eb.val('index').as('kind'), 'index_name as name']))
    .execute()
  await tx.deleteFrom('memories').where('account_id', '=', id).execute()
  await tx.deleteFrom('removed_memories').where('account_id', '=', id).execute()
  await tx.updateTable('notebooks').set({ index_name: newIndexName() }).where('account_id', '=', id).execute()
}
