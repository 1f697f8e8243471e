import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'

const second = 1000
const minute = 60 * second
const longestWait = 15 * minute

export type Allowance = { free: number; remembered: number }

/** Five free failures, then 1 s doubling to 15 minutes; forgotten after a success or 12 quiet hours. */
export const perAccount: Allowance = { free: 5, remembered: 12 * 60 * minute }

/** A household or a class shares an address, so it has more free failures and is forgiven sooner. */
export const perAddress: Allowance = { free: 10, remembered: 10 * minute }

export type Counter = { key: string; allowance: Allowance }

const later = (now: Date, ms: number) => new Date(now.getTime() + ms).toISOString()

export function waitAfter(tries: number, free: number): number {
  return tries <= free ? 0 : Math.min(second * 2 ** (tries - free - 1), longestWait)
}

/**
 * Counts a try on every counter before it is made, so that a burst cannot make more tries than it may.
 * Answers how many milliseconds to wait now (then nothing was counted), or how long a failure will cost.
 */
export function countTry(db: Db, counters: Counter[], now: Date): Promise<{ wait: number; next: number }> {
  return inTransaction(db, async (tx) => {
    const held = []
    for (const { key, allowance } of counters) held.push({ key, allowance, ...(await hold(tx, key, now)) })

    const wait = Math.max(...held.map(({ blockedFor }) => blockedFor))
    if (wait > 0) return { wait, next: 0 }

    const waits = held.map(({ tries, allowance }) => waitAfter(tries + 1, allowance.free))
    for (const [index, { key, tries, allowance }] of held.entries()) {
      const blocked_until = waits[index] ? later(now, waits[index]) : null
      await write(tx, key, { tries: tries + 1, blocked_until, expires_at: later(now, allowance.remembered) })
    }
    return { wait: 0, next: Math.max(...waits) }
  })
}

/** Counts one more in a window that begins with the first; false once there were more than `most`. */
export function countWithin(db: Db, key: string, most: number, windowMs: number, now: Date): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { tries, expiresAt } = await hold(tx, key, now)
    const expires_at = tries === 0 ? later(now, windowMs) : expiresAt
    await write(tx, key, { tries: tries + 1, blocked_until: null, expires_at })
    return tries < most
  })
}

/** A success clears the account's own count; the address only gets its try back, or one good account would clear it. */
export async function forgive(db: Db, counters: Counter[]) {
  const own = counters.filter(({ allowance }) => allowance === perAccount).map(({ key }) => key)
  if (own.length > 0) await db.deleteFrom('throttles').where('key', 'in', own).execute()
  const shared = counters.filter(({ key }) => !own.includes(key))
  if (shared.length > 0) await giveBack(db, shared)
}

/** Takes a counted try back, because it was not a failure; one after the other, in the order they are counted in. */
export async function giveBack(db: Db, counters: Pick<Counter, 'key'>[]) {
  for (const { key } of counters)
    await db
      .updateTable('throttles')
      .set((eb) => ({ tries: eb('tries', '-', 1), blocked_until: null }))
      .where('key', '=', key)
      .where('tries', '>', 0)
      .execute()
}

/** Reads a counter and keeps it from everybody else until the transaction ends; one that has expired reads as zero. */
async function hold(tx: Db, key: string, now: Date) {
  const row = await tx
    .insertInto('throttles')
    .values({ key, tries: 0, blocked_until: null, expires_at: now.toISOString() })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ tries: eb.ref('throttles.tries') })))
    .returning(['tries', 'blocked_until', 'expires_at'])
    .executeTakeFirstOrThrow()
  const expired = Date.parse(row.expires_at) <= now.getTime()
  const blockedFor = row.blocked_until && !expired ? Date.parse(row.blocked_until) - now.getTime() : 0
  return { tries: expired ? 0 : row.tries, blockedFor, expiresAt: row.expires_at }
}

async function write(
  tx: Db,
  key: string,
  counted: { tries: number; blocked_until: string | null; expires_at: string }
) {
  await tx.updateTable('throttles').set(counted).where('key', '=', key).execute()
}
