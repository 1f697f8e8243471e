import type { Db } from './tables.ts'

/** True for the one process that may do this work now; everybody else hears false until the lease is over. */
export async function claimJob(db: Db, name: string, leaseMs: number, now: Date): Promise<boolean> {
  const at = now.toISOString()
  const leased_until = new Date(now.getTime() + leaseMs).toISOString()
  await db
    .insertInto('jobs')
    .values({ name, leased_until: at })
    .onConflict((c) => c.column('name').doNothing())
    .execute()
  const claimed = await db
    .updateTable('jobs')
    .set({ leased_until })
    .where('name', '=', name)
    .where('leased_until', '<=', at)
    .executeTakeFirst()
  return claimed.numUpdatedRows === 1n
}
