import type { Kysely } from 'kysely'
import { moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  const time = moment(db)

  await db.schema
    .createTable('invite_places')
    .addColumn('invite_id', 'text', (c) => c.notNull().references('invites.id').onDelete('cascade'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('taken_at', time, (c) => c.notNull())
    .addColumn('joined_at', time)
    .addPrimaryKeyConstraint('invite_places_key', ['invite_id', 'account_id'])
    .execute()
  await db.schema.createIndex('invite_places_of_account').on('invite_places').column('account_id').execute()

  await db.schema.alterTable('pending_signups').addColumn('invite_hash', 'text').execute()
}
