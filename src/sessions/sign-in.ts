import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Account, accountByLogin, storeHash } from '../accounts/store.ts'
import { TooMany, WrongCredentials } from '../errors.ts'
import { hashToken } from '../ids.ts'
import type { App } from '../plugins/app-type.ts'
import { addressOf } from '../plugins/rate-limit.ts'
import { type Counter, countTry, forgive, giveBack, perAccount, perAddress } from '../throttles/store.ts'
import { knownBrowser, rememberBrowser } from './known-browsers.ts'
import { endSession, rememberedFor, startSession } from './store.ts'

/**
 * The account behind a login and a password, or one and the same refusal after the same time, whatever was wrong.
 * A try is counted before the password is looked at, and forgiven once it proves right.
 */
export async function prove(app: App, request: FastifyRequest, login: string, password: string): Promise<Account> {
  const now = app.now()
  const account = await accountByLogin(app.db, login)
  const counters = await countersFor(app, request, login, account)
  const { wait, next } = await countTry(app.db, counters, now)
  const about = { account: account?.id, detail: { known: account !== undefined } }
  if (wait > 0) {
    await request.audit('session.throttled', about)
    throw tooMany(wait)
  }

  const right = await app.hashing.verify(account?.password_hash, password).catch(async (error) => {
    await giveBack(app.db, counters)
    throw error
  })
  if (!right || !account || account.disabled_at) {
    await request.audit('session.refused', about)
    throw next > 0 ? tooMany(next) : new WrongCredentials()
  }
  await forgive(app.db, counters)
  await renewHash(app, request, account, password)
  return account
}

/** A browser the account signed in from before counts for itself, so that strangers cannot lock the owner out. */
async function countersFor(app: App, request: FastifyRequest, login: string, account?: Account): Promise<Counter[]> {
  const browser = account && (await knownBrowser(request, account.id, app.db, app.now()))
  if (browser) return [{ key: `browser:${browser}:${account.id}`, allowance: perAccount }]
  const whom = account ? `account:${account.id}` : `nobody:${hashToken(login.trim().toLowerCase())}`
  return [
    { key: whom, allowance: perAccount },
    { key: `address:${addressOf(request)}`, allowance: perAddress }
  ]
}

function tooMany(ms: number) {
  const seconds = Math.ceil(ms / 1000)
  const wait = seconds < 60 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`
  return new TooMany({
    message: `Email or password is incorrect. Wait ${wait} before the next try.`,
    retryAfter: seconds
  })
}

async function renewHash(app: App, request: FastifyRequest, account: Account, password: string) {
  if (!account.password_hash || !app.hashing.outdated(account.password_hash)) return
  await storeHash(app.db, account.id, await app.hashing.hash(password), app.now())
  await request.audit('user.password_rehashed', { account: account.id })
}

export const cameFrom = (request: FastifyRequest) => ({
  address: request.ip,
  userAgent: request.headers['user-agent'] ?? ''
})

/** Signs an account in on this browser: a new session, the one it had before ended, the cookie set. */
export async function signIn(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  account: Account,
  remember: boolean
) {
  const now = app.now()
  const session = await startSession(app.db, account.id, remember, cameFrom(request), now)
  if (request.viewer && request.credential === 'cookie') await endSession(app.db, request.viewer.session_id)
  await rememberBrowser(request, reply, account.id, app.db, now)
  reply.keepCookie('session_id', session.token, remember ? rememberedFor / 1000 : undefined)
  await request.audit('session.started', { account: account.id, subject: session.id })
  return session
}
