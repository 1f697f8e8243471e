import type { FastifyRequest } from 'fastify'
import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import { EmailTaken, LinkGone } from '../errors.ts'
import { hashToken, newToken } from '../ids.ts'
import type { App } from '../plugins/app-type.ts'
import { type Account, createAccount, emailTaken, type NewAccount } from './store.ts'

const day = 24 * 3600 * 1000

/**
 * The same work and the same answer whether or not the address has an account. Only the letter differs, and it goes
 * out after the answer, so that neither its text nor its time tells anything.
 */
export async function confirmLater(app: App, request: FastifyRequest, newcomer: NewAccount, next: string | undefined) {
  const now = app.now()
  const token = newToken()
  const known = await emailTaken(app.db, newcomer.email)
  const code = request.keptCookie('invite_code')
  await app.db
    .insertInto('pending_signups')
    .values({
      token_hash: hashToken(token),
      email: newcomer.email,
      username: newcomer.username || null,
      first_name: newcomer.firstName,
      last_name: newcomer.lastName,
      password_hash: newcomer.passwordHash,
      context: JSON.stringify(newcomer.context ?? {}),
      next: code ? `/accept-invite?code=${code}` : (next ?? null),
      created_at: now.toISOString(),
      expires_at: new Date(now.getTime() + day).toISOString()
    })
    .execute()
  const site = app.config.publicUrl ?? app.listeningOrigin
  const letter = known
    ? [`Somebody, perhaps you, asked for a desk with this address. It already has one: sign in at ${site}/login`]
    : [`Open this link within a day to finish: ${site}/verify-email?token=${token}`]
  const text = [...letter, '', 'If this was not you, there is nothing to do.', ''].join('\n')
  setImmediate(() => {
    app.mailer
      .send({ to: newcomer.email, subject: 'Your desk at Carrel', text })
      .catch((error) => app.log.error({ err: error }, 'a letter could not be sent'))
  })
}

/** Whether a link still works; opening it changes nothing, because mail programs open links by themselves. */
export async function refuseDeadLink(token: string, db: Db, now: Date) {
  const row = await db
    .selectFrom('pending_signups')
    .select('email')
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
  if (!row || (await emailTaken(db, row.email))) throw new LinkGone()
}

/** Turns a confirmed sign-up into an account; a link works once. */
export function confirm(token: string, db: Db, now: Date): Promise<{ account: Account; next: string | null }> {
  return inTransaction(db, async (tx) => {
    const row = await tx
      .deleteFrom('pending_signups')
      .where('token_hash', '=', hashToken(token))
      .where('expires_at', '>', now.toISOString())
      .returningAll()
      .executeTakeFirst()
    if (!row) throw new LinkGone()
    const newcomer = {
      email: row.email,
      username: await freeOrNone(tx, row.username),
      firstName: row.first_name,
      lastName: row.last_name,
      passwordHash: row.password_hash,
      context: JSON.parse(row.context) as object
    }
    const account = await createAccount(tx, newcomer, now).catch((error) => {
      throw error instanceof EmailTaken ? new LinkGone() : error
    })
    return { account, next: row.next }
  })
}

/** A username that was taken meanwhile gives way to a derived one, since there is no form left to ask in. */
async function freeOrNone(tx: Db, username: string | null): Promise<string | undefined> {
  if (!username) return undefined
  const taken = await tx.selectFrom('accounts').select('id').where('username', '=', username).executeTakeFirst()
  return taken ? undefined : username
}
