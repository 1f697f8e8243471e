import type { Db, Row } from '../database/tables.ts'
import { newId } from '../ids.ts'

const hour = 3600 * 1000
const keptFor = 24 * hour
/** Longer than anything takes that makes something; a server that died in the middle is waited for so long. */
const heldFor = 120 * 1000

type Key = { name: string; requestHash: string }
type Kept = Pick<Row<'idempotency_keys'>, 'request_hash' | 'answer'>
export type Claim = { claim: string }

/** The keys that one person's programs have made up, so that what is asked twice is done once. */
export function repeatsOf(user: { id: string }, db: Db) {
  const mine = db.selectFrom('idempotency_keys').where('account_id', '=', user.id)

  /** The key is given to one of those who ask with it; the others get what is kept, or nothing while it is let go. */
  async function claim({ name, requestHash }: Key, now: Date): Promise<Claim | Kept | undefined> {
    const fresh = {
      request_hash: requestHash,
      claim: newId(),
      answer: null,
      expires_at: new Date(now.getTime() + heldFor).toISOString()
    }
    const { numInsertedOrUpdatedRows = 0n } = await db
      .insertInto('idempotency_keys')
      .values({ account_id: user.id, key_hash: name, ...fresh })
      .onConflict((c) =>
        c
          .columns(['account_id', 'key_hash'])
          .doUpdateSet(fresh)
          .where('idempotency_keys.expires_at', '<=', now.toISOString())
      )
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows > 0n) return { claim: fresh.claim }
    return mine.select(['request_hash', 'answer']).where('key_hash', '=', name).executeTakeFirst()
  }

  /** Keeps what was answered; not for one who took so long that another holds the key by now. */
  async function keep({ claim }: Claim, answer: Buffer, now: Date) {
    await db
      .updateTable('idempotency_keys')
      .set({ answer, expires_at: new Date(now.getTime() + keptFor).toISOString() })
      .where('account_id', '=', user.id)
      .where('claim', '=', claim)
      .execute()
  }

  async function letGo({ claim }: Claim) {
    await db.deleteFrom('idempotency_keys').where('account_id', '=', user.id).where('claim', '=', claim).execute()
  }

  return { claim, keep, letGo }
}
