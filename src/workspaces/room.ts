import type { Db } from '../database/tables.ts'
import { NotFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { insertWorkspace } from './store.ts'

type Reader = { id: string; first_name: string; last_name: string }

/** The private room every account has from its first moment. */
export async function makeRoom(tx: Db, account: Reader, now: Date): Promise<string> {
  const id = newId()
  const name = `${[account.first_name, account.last_name].filter(Boolean).join(' ')}'s Room`
  await insertWorkspace(tx, account, { id, name, description: '', room_of: account.id }, now)
  return id
}

export async function roomOf(user: { id: string }, db: Db): Promise<string> {
  const room = await db.selectFrom('workspaces').select('id').where('room_of', '=', user.id).executeTakeFirst()
  if (!room) throw new NotFound()
  return room.id
}
