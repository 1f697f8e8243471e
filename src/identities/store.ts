import { inTransaction } from '../database/open.ts'
import type { Db, Row } from '../database/tables.ts'
import { NotFound, OnlyWayIn, ProviderRefused } from '../errors.ts'
import { newId } from '../ids.ts'

type Named = { issuer: string; subject: string }
type Reader = { id: string }

const somebodyElses = 'That sign-in belongs to another desk here already. Sign in with it, or choose another.'
const another = 'Another sign-in of this kind is linked to your desk. Unlink that one first.'

/** The account that a sign-in elsewhere opens. */
export function accountByIdentity(db: Db, { issuer, subject }: Named): Promise<Row<'accounts'> | undefined> {
  return db
    .selectFrom('identities')
    .innerJoin('accounts', 'accounts.id', 'identities.account_id')
    .selectAll('accounts')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
}

/** Whether it still opens that account; if so, it is noted that it did. */
export async function noteIdentity(tx: Db, { issuer, subject }: Named, account: Reader, now: Date): Promise<boolean> {
  const noted = await tx
    .updateTable('identities')
    .set({ last_used_at: now.toISOString() })
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .where('account_id', '=', account.id)
    .executeTakeFirst()
  return noted.numUpdatedRows > 0n
}

/** A sign-in elsewhere opens this account from now on; false if it did already. Nobody has two of one provider. */
export async function linkIdentity(
  tx: Db,
  { issuer, subject, email }: Named & { email: string | undefined },
  account: Reader,
  now: Date
): Promise<boolean> {
  const at = now.toISOString()
  const made = await tx
    .insertInto('identities')
    .values({
      id: newId(),
      account_id: account.id,
      issuer,
      subject,
      email: email ?? null,
      created_at: at,
      last_used_at: at
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows !== 0n) return true
  const owner = await accountByIdentity(tx, { issuer, subject })
  if (owner?.id === account.id) return false
  throw new ProviderRefused({ message: owner ? somebodyElses : another })
}

/** A person's own sign-ins elsewhere; every query below starts from `mine`. */
export function identitiesOf(user: Reader, db: Db) {
  const mine = db.selectFrom('identities').where('account_id', '=', user.id)

  /** At most one for each provider there is or was, so there are no pages of them. */
  function list() {
    return mine.selectAll().orderBy('id').execute()
  }

  /** Closes one way in, unless no other is left: a password, or one of those that `issuers` still give. */
  function unlink(id: string, issuers: string[], now: Date) {
    return inTransaction(db, async (tx) => {
      const account = await tx
        .updateTable('accounts')
        .set({ updated_at: now.toISOString() })
        .where('id', '=', user.id)
        .returning('password_hash')
        .executeTakeFirst()
      const all = await tx.selectFrom('identities').select(['id', 'issuer']).where('account_id', '=', user.id).execute()
      const gone = all.find((identity) => identity.id === id)
      if (!account || !gone) throw new NotFound()
      const others = all.filter((identity) => identity !== gone && issuers.includes(identity.issuer))
      if (!account.password_hash && others.length === 0) throw new OnlyWayIn()
      await tx.deleteFrom('identities').where('account_id', '=', user.id).where('id', '=', id).execute()
      return gone
    })
  }

  return { list, unlink }
}
