import type { Kysely } from 'kysely'
import { moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  const time = moment(db)

  await db.schema
    .createTable('instances')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('workspace_id', 'text', (c) => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('email', 'text')
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('password_hash', 'text', (c) => c.notNull())
    .addColumn('disabled_at', time)
    .addColumn('created_at', time, (c) => c.notNull())
    .addColumn('last_used_at', time)
    .addColumn('last_used_address', 'text')
    .execute()
  await db.schema.createIndex('instances_of_account').on('instances').columns(['account_id', 'id']).execute()
  await db.schema.createIndex('instances_of_workspace').on('instances').column('workspace_id').execute()

  // The chats of a program that was deleted stay its owner's.
  await db.schema
    .alterTable('chats')
    .addColumn('instance_id', 'text', (c) => c.references('instances.id').onDelete('set null'))
    .execute()
  await db.schema
    .createIndex('chats_of_instance')
    .on('chats')
    .columns(['instance_id', 'id'])
    .where('instance_id' as never, 'is not', null)
    .execute()
}
