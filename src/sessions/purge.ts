import { setImmediate as breathe } from 'node:timers/promises'
import { sql } from 'kysely'
import { recordEvent } from '../audit/store.ts'
import type { Db, Tables } from '../database/tables.ts'

const atOnce = 1000

/** What expires, by its key. */
const expiring = {
  sessions: 'id',
  refresh_tokens: 'token_hash',
  throttles: 'key',
  known_browsers: 'browser_hash',
  setup_tokens: 'token_hash',
  pending_signups: 'token_hash',
  sign_in_attempts: 'state_hash',
  unlinked_identities: 'token_hash',
  invites: 'id',
  idempotency_keys: 'key_hash'
} as const satisfies { [Name in keyof Tables]?: keyof Tables[Name] }

async function drop(db: Db, table: keyof typeof expiring, end: string, at: string): Promise<number> {
  let dropped = 0
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ${sql.ref(end)} <= ${at} and ${sql.ref(expiring[table])} in
        (select ${sql.ref(expiring[table])} from ${sql.table(table)} where ${sql.ref(end)} <= ${at} limit ${atOnce})
    `.execute(db)
    dropped += Number(numAffectedRows)
    if (numAffectedRows < atOnce) return dropped
    await breathe()
  }
}

/** Drops what has expired, some at a time so that nobody waits behind it, and says how much that was. */
export async function purgeExpired(db: Db, now: Date): Promise<{ sessions: number; others: number }> {
  const at = now.toISOString()
  const { sessions: _, ...rest } = expiring
  const sessions = (await drop(db, 'sessions', 'expires_at', at)) + (await drop(db, 'sessions', 'idle_until', at))
  let others = 0
  for (const table of Object.keys(rest) as (keyof typeof rest)[]) others += await drop(db, table, 'expires_at', at)
  if (sessions + others > 0) await recordEvent(db, 'session.expired', { detail: { sessions, others } }, now)
  return { sessions, others }
}
