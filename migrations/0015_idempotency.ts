import type { Kysely } from 'kysely'
import { bytes, moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('key_hash', 'text', (c) => c.notNull())
    .addColumn('request_hash', 'text', (c) => c.notNull())
    .addColumn('claim', 'text', (c) => c.notNull())
    .addColumn('answer', bytes(db))
    .addColumn('expires_at', moment(db), (c) => c.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_key', ['account_id', 'key_hash'])
    .execute()
  await db.schema
    .createIndex('idempotency_keys_to_drop')
    .on('idempotency_keys')
    .columns(['expires_at', 'key_hash'])
    .execute()
}
