import type { FastifyRequest } from 'fastify'
import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import { SignInRequired } from '../errors.ts'
import { hashToken, newToken } from '../ids.ts'
import type { App } from '../plugins/app-type.ts'
import { aliveSessions, endSession, prolong } from './store.ts'

/** Gives a session the one token that renews it; it is told here once and only its hash is kept. */
export async function giveRefreshToken(tx: Db, session: { id: string; expiresAt: string }, now: Date) {
  const token = `crr_${newToken()}`
  const [session_id, expires_at, created_at] = [session.id, session.expiresAt, now.toISOString()]
  await tx
    .insertInto('refresh_tokens')
    .values({ token_hash: hashToken(token), session_id, created_at, expires_at, used_at: null })
    .execute()
  return token
}

/** The session a refresh token was given to, and whose it is, whether or not the token has been used. */
function sessionBehind(db: Db, token_hash: string, now: string) {
  return aliveSessions(db, now)
    .innerJoin('refresh_tokens', 'refresh_tokens.session_id', 'sessions.id')
    .where('refresh_tokens.token_hash', '=', token_hash)
    .where('refresh_tokens.expires_at', '>', now)
    .select('sessions.created_at as began_at')
    .executeTakeFirst()
}

/** Uses a token up, in one statement, so that of two who show it only one is first. */
async function spend(tx: Db, token_hash: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('refresh_tokens')
    .set({ used_at: now.toISOString() })
    .where('token_hash', '=', token_hash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * The session behind a refresh token lives on, with a new token instead. One that is shown twice is in two hands, and
 * nobody can tell which of them is the owner's, so the session ends. Tries are not counted: nobody guesses 256 bits, and
 * a count for each network would only let neighbours shut each other's programs out.
 */
export async function renew(app: App, request: FastifyRequest, token: string) {
  const now = app.now()
  const hash = hashToken(token)
  const known = await sessionBehind(app.db, hash, now.toISOString())
  if (!known) {
    await request.audit('credential.refused')
    throw new SignInRequired()
  }
  const { session_id: id, began_at } = known
  const about = { account: known.id, subject: id }
  // The session is written before its token, in the order of whoever ends it, so that neither waits for the other.
  const renewed = await inTransaction(app.db, async (tx) => {
    const expiresAt = await prolong(tx, id, began_at, now)
    if (!expiresAt) return undefined
    if (await spend(tx, hash, now)) {
      await request.audit('session.renewed', about, tx)
      const session = { id, expiresAt }
      return { account: known, session, refreshToken: await giveRefreshToken(tx, session, now) }
    }
    await endSession(tx, id)
    await request.audit('session.replayed', about, tx)
  })
  if (!renewed) throw new SignInRequired()
  return renewed
}
