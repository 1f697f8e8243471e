import type { FastifyRequest } from 'fastify'
import type { Db } from '../database/tables.ts'
import { hashToken } from '../ids.ts'

export const browserKnownFor = 365 * 24 * 3600 * 1000

/** The browser's own number, if it has one and this account signed in from it before. */
export async function knownBrowser(request: FastifyRequest, account: string, db: Db, now: Date) {
  const cookie = request.keptCookie('known_browser')
  if (!cookie) return undefined
  const browser = hashToken(cookie)
  const known = await db
    .selectFrom('known_browsers')
    .select('browser_hash')
    .where('browser_hash', '=', browser)
    .where('account_id', '=', account)
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
  return known && browser
}

/** Remembers that this account signed in from this browser, so that nobody elsewhere can lock its owner out here. */
export async function rememberBrowser(cookie: string, account: string, db: Db, now: Date) {
  const expires_at = new Date(now.getTime() + browserKnownFor).toISOString()
  await db
    .insertInto('known_browsers')
    .values({ browser_hash: hashToken(cookie), account_id: account, expires_at })
    .onConflict((conflict) => conflict.columns(['browser_hash', 'account_id']).doUpdateSet({ expires_at }))
    .execute()
}
