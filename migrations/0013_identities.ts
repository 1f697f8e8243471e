import type { Kysely } from 'kysely'
import { moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  const time = moment(db)

  await db.schema
    .createTable('identities')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('issuer', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('email', 'text')
    .addColumn('created_at', time, (c) => c.notNull())
    .addColumn('last_used_at', time, (c) => c.notNull())
    .addUniqueConstraint('identities_of_issuer', ['issuer', 'subject'])
    .addUniqueConstraint('identities_of_account', ['account_id', 'issuer'])
    .execute()

  await db.schema
    .createTable('sign_in_attempts')
    .addColumn('state_hash', 'text', (c) => c.primaryKey())
    .addColumn('browser_hash', 'text', (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('verifier', 'text', (c) => c.notNull())
    .addColumn('nonce', 'text', (c) => c.notNull())
    .addColumn('next', 'text')
    .addColumn('account_id', 'text', (c) => c.references('accounts.id').onDelete('cascade'))
    .addColumn('expires_at', time, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('sign_in_attempts_of_account').on('sign_in_attempts').column('account_id').execute()
  await db.schema.createIndex('sign_in_attempts_by_end').on('sign_in_attempts').column('expires_at').execute()

  await db.schema
    .createTable('unlinked_identities')
    .addColumn('token_hash', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('issuer', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('email', 'text', (c) => c.notNull())
    .addColumn('next', 'text')
    .addColumn('expires_at', time, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('unlinked_identities_of_account').on('unlinked_identities').column('account_id').execute()
  await db.schema.createIndex('unlinked_identities_by_end').on('unlinked_identities').column('expires_at').execute()
}
