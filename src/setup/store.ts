import { type Account, anyAccount, createAccount, type NewAccount } from '../accounts/store.ts'
import { recordEvent } from '../audit/store.ts'
import type { Db } from '../database/tables.ts'
import { LinkGone } from '../errors.ts'
import { hashToken, newToken } from '../ids.ts'

const validFor = 24 * 3600 * 1000

/** A link that makes the first administrator, as long as there is no account at all; undefined once there is one. */
export async function offerSetup(db: Db, now: Date): Promise<string | undefined> {
  if (await anyAccount(db)) return undefined
  const token = newToken()
  const expires_at = new Date(now.getTime() + validFor).toISOString()
  await db
    .insertInto('setup_tokens')
    .values({ token_hash: hashToken(token), created_at: now.toISOString(), expires_at })
    .execute()
  await recordEvent(db, 'setup.link_made', {}, now)
  return token
}

export async function refuseDeadSetup(token: string, db: Db, now: Date) {
  const row = await db
    .selectFrom('setup_tokens')
    .select('token_hash')
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
  if (!row) throw new LinkGone()
}

/** Uses every link up and makes the administrator. `tx` must be a transaction. */
export async function setUp(tx: Db, token: string, administrator: NewAccount, now: Date): Promise<Account> {
  const links = await tx.deleteFrom('setup_tokens').returning(['token_hash', 'expires_at']).execute()
  const used = links.find(({ token_hash }) => token_hash === hashToken(token))
  if (!used || Date.parse(used.expires_at) <= now.getTime()) throw new LinkGone()
  return createAccount(tx, { ...administrator, role: 'admin' }, now)
}
