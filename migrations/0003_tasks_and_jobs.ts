import type { Kysely } from 'kysely'
import { moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  const time = moment(db)

  await db.schema
    .createTable('tasks')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('done_at', time)
    .addColumn('dismissed_at', time)
    .addColumn('created_at', time, (c) => c.notNull())
    .addUniqueConstraint('tasks_once', ['account_id', 'kind'])
    .execute()
  await db.schema.createIndex('tasks_of_account').on('tasks').columns(['account_id', 'id']).execute()

  await db.schema
    .createTable('jobs')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('leased_until', time, (c) => c.notNull())
    .execute()
}
