import type { Kysely } from 'kysely'
import { moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  const time = moment(db)

  // What a person wrote is theirs, and stays when the workspace it was for goes.
  await db.schema
    .createTable('prompts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('workspace_id', 'text', (c) => c.references('workspaces.id').onDelete('set null'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('created_at', time, (c) => c.notNull())
    .addColumn('updated_at', time, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('prompts_of_account').on('prompts').columns(['account_id', 'id']).execute()
  await db.schema
    .createIndex('prompts_of_workspace')
    .on('prompts')
    .column('workspace_id')
    .where('workspace_id' as never, 'is not', null)
    .execute()
}
