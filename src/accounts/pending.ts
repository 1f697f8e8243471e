import type { Db } from '../database/tables.ts'
import { Invalid, LinkGone, TooMany } from '../errors.ts'
import { hashToken, newToken } from '../ids.ts'
import type { App } from '../plugins/app-type.ts'
import { countWithin, giveBack } from '../throttles/store.ts'
import { emailTaken, type NewAccount } from './store.ts'

const hour = 3600 * 1000
const day = 24 * hour
/** An hour, to one address: as many as somebody who is looking for theirs asks for, and as many as anybody may cause. */
const lettersFromOne = 3
const lettersFromAll = 12
const guesses = 10

type Asked = { network: string; next: string | undefined }

async function mayWrite(db: Db, email: string, network: string, now: Date): Promise<boolean> {
  const to = `letter:${hashToken(email)}`
  return (
    (await countWithin(db, `${to}:${network}`, lettersFromOne, hour, now)) &&
    (await countWithin(db, to, lettersFromAll, hour, now))
  )
}

/**
 * The same work and the same answer whether or not the address has an account. Only the letter differs, and it goes
 * out after the answer, so that neither its text nor its time tells anything.
 */
export async function confirmLater(
  app: App,
  newcomer: NewAccount & { passwordHash: string },
  { network, next }: Asked
) {
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
      invite_hash: newcomer.inviteHash ?? null,
      created_at: now.toISOString(),
      expires_at: new Date(now.getTime() + day).toISOString()
    })
    .execute()
  if (!(await mayWrite(app.db, newcomer.email, network, now))) return
  const link = known ? undefined : { token, next }
  setImmediate(() =>
    write(app, newcomer.email, link).catch((error) => app.log.error({ err: error }, 'a letter could not be sent'))
  )
}

/** The letter to whoever asked, or to the owner of the account that is there already. What is in a link is kept nowhere. */
async function write(app: App, to: string, link: { token: string; next: string | undefined } | undefined) {
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
  await app.mailer.send({ to, subject: 'Your desk at Carrel', text })
}

/** The sign-up behind a link; opening it changes nothing, because mail programs open links by themselves. */
export async function findPending(token: string, db: Db, now: Date) {
  const row = await db
    .selectFrom('pending_signups')
    .select(['email', 'password_hash'])
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
  if (!row || (await emailTaken(db, row.email))) throw new LinkGone()
  return row
}

/**
 * Whoever opens the letter owns the address, but need not be who filled in the form: only the password they chose there
 * shows that they are one, or somebody else would hold a password to this account.
 */
export async function proveChosen(app: App, token: string, password: string, network: string) {
  const { password_hash } = await findPending(token, app.db, app.now())
  const key = `confirm:${hashToken(token)}`
  if (!(await countWithin(app.db, key, guesses, hour, app.now()))) throw new TooMany()
  const right = await app.hashing.verify(password_hash, password, network).catch(async (error) => {
    await giveBack(app.db, [{ key }])
    throw error
  })
  if (right) return
  throw new Invalid({ fields: { password: 'This is not the password you chose when you signed up.' } })
}

/** Takes a confirmed sign-up out of those that wait; a link works once. `tx` must be a transaction. */
export async function takePending(tx: Db, token: string, now: Date): Promise<NewAccount> {
  const row = await tx
    .deleteFrom('pending_signups')
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', now.toISOString())
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new LinkGone()
  return {
    email: row.email,
    username: await freeOrNone(tx, row.username),
    firstName: row.first_name,
    lastName: row.last_name,
    passwordHash: row.password_hash,
    inviteHash: row.invite_hash ?? undefined,
    context: JSON.parse(row.context) as object
  }
}

/** A username that was taken meanwhile gives way to a derived one, since there is no form left to ask in. */
async function freeOrNone(tx: Db, username: string | null): Promise<string | undefined> {
  if (!username) return undefined
  const taken = await tx.selectFrom('accounts').select('id').where('username', '=', username).executeTakeFirst()
  return taken ? undefined : username
}
