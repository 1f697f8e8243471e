import type { Db } from '../../src/database/tables.ts'
import { newId } from '../../src/ids.ts'

/** Has a sign-in elsewhere open an account, each time by a provider of its own. */
export async function linksElsewhere(db: Db, account_id: string): Promise<string> {
  const [id, at] = [newId(), new Date().toISOString()]
  const named = { issuer: `https://${id}.example.com/`, subject: id, email: null }
  await db
    .insertInto('identities')
    .values({ id, account_id, ...named, created_at: at, last_used_at: at })
    .execute()
  return id
}
