import type { Db } from '../database/tables.ts'
import type { Program } from '../viewer.ts'

const seenEvery = 60 * 1000

export const programUseIsNoted = ({ last_used_at }: Program, now: Date) =>
  last_used_at !== null && now.getTime() - Date.parse(last_used_at) < seenEvery

export async function noteProgramUse(db: Db, { program_id, instance_id }: Program, address: string, now: Date) {
  await db
    .updateTable(instance_id ? 'instances' : 'api_keys')
    .set({ last_used_at: now.toISOString(), last_used_address: address })
    .where('id', '=', program_id)
    .execute()
}
