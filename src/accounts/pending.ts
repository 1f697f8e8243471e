import type { Db } from '../database/tables.ts'
import { EmailTaken, LinkGone } from '../errors.ts'
import { hashToken, newToken } from '../ids.ts'
import type { App } from '../plugins/app-type.ts'
import { countWithin } from '../throttles/store.ts'
import { type Account, createAccount, emailTaken, type NewAccount } from './store.ts'

const hour = 3600 * 1000
const day = 24 * hour
const lettersAnHour = 3

/**
 * The same work and the same answer whether or not the address has an account. Only the letter differs, and it goes
 * out after the answer, so that neither its text nor its time tells anything.
 */
export async function confirmLater(app: App, newcomer: NewAccount, next: string | undefined) {
  const now = app.now()
  const token = newToken()
  const known = await emailTaken(app.db, newcomer.email)
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
      created_at: now.toISOString(),
      expires_at: new Date(now.getTime() + day).toISOString()
    })
    .execute()
  const mayWrite = await countWithin(app.db, `letter:${hashToken(newcomer.email)}`, lettersAnHour, hour, now)
  if (mayWrite) setImmediate(() => write(app, newcomer.email, known ? undefined : { token, next }))
}

/** The letter to whoever asked, or to the owner of the account that is there already. What is in a link is kept nowhere. */
function write(app: App, to: string, link: { token: string; next: string | undefined } | undefined) {
  const site = app.config.publicUrl ?? app.listeningOrigin
  const query = link && new URLSearchParams({ token: link.token, ...(link.next && { next: link.next }) })
  const text = [
    query
      ? `Open this link within a day to finish: ${site}/verify-email?${query}`
      : `Somebody, perhaps you, asked for a desk with this address. It already has one: sign in at ${site}/login`,
    '',
    'If this was not you, there is nothing to do.',
    ''
  ].join('\n')
  app.mailer
    .send({ to, subject: 'Your desk at Carrel', text })
    .catch((error) => app.log.error({ err: error }, 'a letter could not be sent'))
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

/** Turns a confirmed sign-up into an account; a link works once. `tx` must be a transaction. */
export async function confirm(tx: Db, token: string, now: Date): Promise<Account> {
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
  return createAccount(tx, newcomer, now).catch((error) => {
    throw error instanceof EmailTaken ? new LinkGone() : error
  })
}

/** A username that was taken meanwhile gives way to a derived one, since there is no form left to ask in. */
async function freeOrNone(tx: Db, username: string | null): Promise<string | undefined> {
  if (!username) return undefined
  const taken = await tx.selectFrom('accounts').select('id').where('username', '=', username).executeTakeFirst()
  return taken ? undefined : username
}
