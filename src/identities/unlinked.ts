import type { Db } from '../database/tables.ts'
import { hashToken, newToken } from '../ids.ts'

export const unlinkedFor = 10 * 60 * 1000

type Proven = { issuer: string; subject: string; email: string }

/** Keeps who came back with somebody's email until they show that they are them; the token is told here once. */
export async function keepUnlinked(
  { issuer, subject, email }: Proven,
  { account, next }: { account: string; next: string | undefined },
  db: Db,
  now: Date
): Promise<string> {
  const token = newToken()
  const expires_at = new Date(now.getTime() + unlinkedFor).toISOString()
  const row = {
    token_hash: hashToken(token),
    account_id: account,
    issuer,
    subject,
    email,
    next: next ?? null,
    expires_at
  }
  await db.insertInto('unlinked_identities').values(row).execute()
  return token
}

export function findUnlinked(token: string, db: Db, now: Date) {
  return db
    .selectFrom('unlinked_identities')
    .innerJoin('accounts', 'accounts.id', 'unlinked_identities.account_id')
    .selectAll('unlinked_identities')
    .select('password_hash')
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
}

/** False if it is over, or was used by somebody quicker. */
export async function takeUnlinked(tx: Db, token: string, now: Date): Promise<boolean> {
  const taken = await tx
    .deleteFrom('unlinked_identities')
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
  return taken.numDeletedRows > 0n
}
