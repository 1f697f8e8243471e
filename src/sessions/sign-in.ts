import type { FastifyReply, FastifyRequest } from 'fastify'
import { nextPath } from '../accounts/next-path.ts'
import { type Account, accountByLogin, storeHash } from '../accounts/store.ts'
import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import { TooMany, WrongCredentials } from '../errors.ts'
import { hashToken, newToken } from '../ids.ts'
import { addressOf, networkOf } from '../plugins/address.ts'
import type { App } from '../plugins/app-type.ts'
import { type Counter, countTry, forgive, giveBack, perAccount, perAddress } from '../throttles/store.ts'
import { browserKnownFor, knownBrowser, rememberBrowser } from './known-browsers.ts'
import { giveRefreshToken } from './refresh-tokens.ts'
import { endSession, rememberedFor, startSession } from './store.ts'

/** What a right password has earned: the account, once what follows from it has been written with `tx`. */
type Proven = (tx: Db) => Promise<Account>

/**
 * Whether a login and a password belong together; or one and the same refusal after the same time, whatever was wrong.
 * A try is counted before the password is looked at, and forgiven once it has proved right.
 */
export async function prove(app: App, request: FastifyRequest, login: string, password: string): Promise<Proven> {
  const now = app.now()
  const account = await accountByLogin(app.db, login)
  const counters = await countersFor(app, request, login, account)
  const network = networkOf(request)
  const { wait, next } = await countTry(app.db, counters, now)
  const about = { account: account?.id, detail: { known: account !== undefined } }
  if (wait > 0) {
    await request.audit('session.throttled', about)
    throw tooMany(wait)
  }

  try {
    const right = await app.hashing.verify(account?.password_hash, password, network)
    if (right && account && !account.disabled_at) {
      const renewed = await renewedHash(app, account, password, network)
      return async (tx) => {
        await forgive(tx, counters)
        if (renewed) {
          await storeHash(tx, account.id, renewed, now)
          await request.audit('user.password_rehashed', { account: account.id }, tx)
        }
        return account
      }
    }
  } catch (error) {
    await giveBack(app.db, counters)
    throw error
  }
  await request.audit('session.refused', about)
  throw next > 0 ? tooMany(next) : new WrongCredentials()
}

/**
 * A browser the account signed in from before counts for itself, so that strangers cannot lock the owner out. Whoever
 * else tries is counted by what they typed, whether or not it is anybody's, so that the count cannot tell whose it is.
 */
async function countersFor(app: App, request: FastifyRequest, login: string, account?: Account): Promise<Counter[]> {
  const browser = await knownBrowser(request, account?.id ?? '', app.db, app.now())
  if (account && browser) return [{ key: `browser:${browser}:${account.id}`, allowance: perAccount }]
  return [
    { key: `login:${hashToken(login.trim().toLowerCase())}`, allowance: perAccount },
    { key: `address:${networkOf(request)}`, allowance: perAddress }
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

async function renewedHash(app: App, { password_hash }: Account, password: string, network: string) {
  return password_hash && app.hashing.outdated(password_hash) ? app.hashing.hash(password, network) : undefined
}

/**
 * A session for whoever `proven` says; with everything that belongs to it in one transaction, and in one flush. Where it
 * is not a browser's but a program's that is to be remembered, it comes with a token that renews it.
 */
export function openSession(
  app: App,
  request: FastifyRequest,
  proven: Proven,
  { remember, browser }: { remember: boolean; browser?: string }
) {
  const now = app.now()
  const kind = browser ? 'browser' : 'program'
  const from = { address: addressOf(request), userAgent: request.headers['user-agent'] ?? '', kind } as const
  return inTransaction(app.db, async (tx) => {
    const account = await proven(tx)
    const session = await startSession(tx, account.id, remember, from, now)
    if (browser) await changeOver(tx, request, browser, account, now)
    const refreshToken = remember && !browser ? await giveRefreshToken(tx, session, now) : undefined
    await request.audit('session.started', { account: account.id, subject: session.id }, tx)
    return { account, session, refreshToken }
  })
}

/** This browser's session before this one ends, and the browser is remembered as one of the account's. */
async function changeOver(tx: Db, request: FastifyRequest, browser: string, account: Account, now: Date) {
  if (request.viewer?.session_id && request.credential === 'cookie') await endSession(tx, request.viewer.session_id)
  await rememberBrowser(browser, account.id, tx, now)
}

/** Where somebody goes who has signed in: where they wanted to, or to an invite they have opened. */
export function afterSignIn(request: FastifyRequest, next: unknown): string {
  const invite = request.keptCookie('invite_code')
  return nextPath(next) ?? (invite ? `/accept-invite?code=${encodeURIComponent(invite)}` : '/')
}

/** Signs this browser in, and gives it its cookies once all is on disk. */
export async function signIn(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  proven: Proven,
  remember: boolean
) {
  const browser = request.keptCookie('known_browser') || newToken()
  const opened = await openSession(app, request, proven, { remember, browser })
  reply.keepCookie('known_browser', browser, browserKnownFor / 1000)
  reply.keepCookie('session_id', opened.session.token, remember ? rememberedFor / 1000 : undefined)
  return opened
}
