import type { Db, Row } from '../database/tables.ts'
import { hashToken, newToken } from '../ids.ts'

export const attemptLasts = 10 * 60 * 1000

/** What an attempt to sign in elsewhere is known by there, and what only this server knows of it. */
export type Secrets = { state: string; verifier: string; nonce: string }
export const newSecrets = (): Secrets => ({ state: newToken(), verifier: newToken(), nonce: newToken() })

type About = { provider: string; browser: string; next: string | undefined; account: string | undefined }
export type Attempt = Row<'sign_in_attempts'>

export async function keepAttempt({ state, verifier, nonce }: Secrets, about: About, db: Db, now: Date) {
  await db
    .insertInto('sign_in_attempts')
    .values({
      state_hash: hashToken(state),
      browser_hash: hashToken(about.browser),
      provider: about.provider,
      verifier,
      nonce,
      next: about.next ?? null,
      account_id: about.account ?? null,
      expires_at: new Date(now.getTime() + attemptLasts).toISOString()
    })
    .execute()
}

/** The attempt a browser comes back from, which is over with that; whoever else shows its state ends nothing. */
export function takeAttempt(state: string, browser: string, provider: string, db: Db, now: Date) {
  return db
    .deleteFrom('sign_in_attempts')
    .where('state_hash', '=', hashToken(state))
    .where('browser_hash', '=', hashToken(browser))
    .where('provider', '=', provider)
    .where('expires_at', '>', now.toISOString())
    .returningAll()
    .executeTakeFirst()
}
