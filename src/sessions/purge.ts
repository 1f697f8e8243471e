import { recordEvent } from '../audit/store.ts'
import type { Db } from '../database/tables.ts'

type Expiring = 'sessions' | 'throttles' | 'known_browsers' | 'setup_tokens' | 'pending_signups' | 'invites'
const expiring: Expiring[] = ['sessions', 'throttles', 'known_browsers', 'setup_tokens', 'pending_signups', 'invites']

/** Drops what has expired, a table at a time so that nobody waits behind it, and says how much that was. */
export async function purgeExpired(db: Db, now: Date): Promise<{ sessions: number; others: number }> {
  const at = now.toISOString()
  let sessions = Number(
    (await db.deleteFrom('sessions').where('idle_until', '<=', at).executeTakeFirst()).numDeletedRows
  )
  let others = 0
  for (const table of expiring) {
    const { numDeletedRows } = await db.deleteFrom(table).where('expires_at', '<=', at).executeTakeFirst()
    if (table === 'sessions') sessions += Number(numDeletedRows)
    else others += Number(numDeletedRows)
  }
  if (sessions + others > 0) await recordEvent(db, 'session.expired', { detail: { sessions, others } }, now)
  return { sessions, others }
}
