import { pageOf } from '../database/page.ts'
import { prepared } from '../database/prepared.ts'
import type { Db, Row } from '../database/tables.ts'
import { NotFound } from '../errors.ts'
import { hashToken, newId, newToken } from '../ids.ts'
import type { SignedIn } from '../viewer.ts'

const hour = 3600 * 1000
export const rememberedFor = 7 * 24 * hour
const forgottenAfter = 12 * hour
const idleLimit = 2 * hour
/** However often a program renews its session. */
const longestLife = 30 * 24 * hour
const seenEvery = 60 * 1000

export type Origin = { address: string; userAgent: string; kind: Row<'sessions'>['kind'] }

export function aliveSessions(db: Db, now: string) {
  return db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .where('sessions.expires_at', '>', now)
    .where((eb) => eb.or([eb('sessions.idle_until', 'is', null), eb('sessions.idle_until', '>', now)]))
    .where('accounts.disabled_at', 'is', null)
    .select(['accounts.id', 'email', 'username', 'first_name', 'last_name', 'accounts.role'])
    .select(['sessions.id as session_id', 'sessions.last_seen_at', 'sessions.idle_until'])
    .select((eb) => [eb.lit(null).as('within'), eb.lit(null).as('instance_id')])
}

const byToken = prepared<{ hash: string; now: string }, SignedIn>(
  (db, value) => aliveSessions(db, value('now')).where('token_hash', '=', value('hash')) as never
)

const byId = prepared<{ id: string; account: string; now: string }, SignedIn>(
  (db, value) =>
    aliveSessions(db, value('now'))
      .where('sessions.id', '=', value('id'))
      .where('accounts.id', '=', value('account')) as never
)

export async function findByToken(db: Db, token: string, now: Date): Promise<SignedIn | undefined> {
  return (await byToken(db, { hash: hashToken(token), now: now.toISOString() }))[0]
}

export async function findById(db: Db, id: string, account: string, now: Date): Promise<SignedIn | undefined> {
  return (await byId(db, { id, account, now: now.toISOString() }))[0]
}

/** Makes a session; the token is told here once and only its hash is kept. */
export async function startSession(db: Db, account: string, remember: boolean, from: Origin, now: Date) {
  const token = newToken()
  const session = {
    id: newId(),
    account_id: account,
    token_hash: hashToken(token),
    address: from.address,
    user_agent: from.userAgent.slice(0, 300),
    kind: from.kind,
    created_at: now.toISOString(),
    last_seen_at: now.toISOString(),
    expires_at: new Date(now.getTime() + (remember ? rememberedFor : forgottenAfter)).toISOString(),
    idle_until: remember ? null : new Date(now.getTime() + idleLimit).toISOString()
  }
  await db.insertInto('sessions').values(session).execute()
  return { id: session.id, token, expiresAt: session.expires_at }
}

/** At most once a minute, for a page view should not cost a write. */
export const useIsNoted = (viewer: SignedIn, now: Date) => now.getTime() - Date.parse(viewer.last_seen_at) < seenEvery

export async function noteUse(db: Db, viewer: SignedIn, now: Date) {
  const idle_until = viewer.idle_until && new Date(now.getTime() + idleLimit).toISOString()
  await db
    .updateTable('sessions')
    .set({ last_seen_at: now.toISOString(), idle_until })
    .where('id', '=', viewer.session_id)
    .execute()
}

/** Lets a session live a week from now, but never past its longest life; answers until when, if nobody has ended it. */
export async function prolong(tx: Db, id: string, beganAt: string, now: Date): Promise<string | undefined> {
  const end = Math.min(now.getTime() + rememberedFor, Date.parse(beganAt) + longestLife)
  const expires_at = new Date(end).toISOString()
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ expires_at, last_seen_at: now.toISOString() })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows === 1n ? expires_at : undefined
}

export async function endSession(db: Db, id: string) {
  await db.deleteFrom('sessions').where('id', '=', id).execute()
}

/** A person's own sessions; every query below starts from `mine`. */
export function sessionsOf(user: { id: string }, db: Db) {
  const mine = db.selectFrom('sessions').where('account_id', '=', user.id)

  const alive = (now: Date) =>
    mine
      .select(['id', 'kind', 'address', 'user_agent', 'created_at', 'last_seen_at', 'expires_at', 'idle_until'])
      .where('expires_at', '>', now.toISOString())
      .where((eb) => eb.or([eb('idle_until', 'is', null), eb('idle_until', '>', now.toISOString())]))

  async function list({ limit, cursor }: { limit: number; cursor?: string }, now: Date) {
    const rows = await alive(now)
      .$if(cursor !== undefined, (query) => query.where('id', '<', cursor as string))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, 'id')
  }

  async function open(id: string, now: Date) {
    const row = await alive(now).where('id', '=', id).executeTakeFirst()
    if (!row) throw new NotFound()
    return row
  }

  async function end(id: string) {
    const gone = await db
      .deleteFrom('sessions')
      .where('account_id', '=', user.id)
      .where('id', '=', id)
      .executeTakeFirst()
    if (gone.numDeletedRows === 0n) throw new NotFound()
  }

  async function endOthers(keep: string) {
    await db.deleteFrom('sessions').where('account_id', '=', user.id).where('id', '!=', keep).execute()
  }

  return { list, open, end, endOthers }
}
