import type { Kysely } from 'kysely'
import { moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  const time = moment(db)

  await db.schema
    .createTable('api_keys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('key_hash', 'text', (c) => c.notNull().unique())
    .addColumn('last_four', 'text', (c) => c.notNull())
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('workspace_id', 'text', (c) => c.references('workspaces.id').onDelete('cascade'))
    .addColumn('created_at', time, (c) => c.notNull())
    .addColumn('expires_at', time)
    .addColumn('last_used_at', time)
    .addColumn('last_used_address', 'text')
    .execute()
  await db.schema.createIndex('keys_of_account').on('api_keys').columns(['account_id', 'id']).execute()
  await db.schema.createIndex('keys_of_workspace').on('api_keys').column('workspace_id').execute()
}
