import { type Kysely, sql } from 'kysely'
import { moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  const time = moment(db)

  await db.schema
    .createTable('workspaces')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('room_of', 'text', (c) => c.unique().references('accounts.id').onDelete('cascade'))
    .addColumn('created_at', time, (c) => c.notNull())
    .addColumn('updated_at', time, (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('memberships')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('workspace_id', 'text', (c) => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('role', 'text', (c) => c.notNull().check(sql`role in ('owner', 'editor', 'viewer')`))
    .addColumn('created_at', time, (c) => c.notNull())
    .addUniqueConstraint('memberships_once', ['account_id', 'workspace_id'])
    .execute()
  await db.schema.createIndex('members_of_workspace').on('memberships').columns(['workspace_id', 'id']).execute()
  await db.schema
    .createIndex('one_owner')
    .unique()
    .on('memberships')
    .column('workspace_id')
    .where('role' as never, '=', 'owner' as never)
    .execute()

  await db.schema
    .createTable('invites')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('workspace_id', 'text', (c) => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('created_by', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('role', 'text', (c) => c.notNull().check(sql`role in ('editor', 'viewer')`))
    .addColumn('email', 'text')
    .addColumn('code_hash', 'text', (c) => c.notNull().unique())
    .addColumn('uses', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('max_uses', 'integer', (c) => c.notNull())
    .addColumn('created_at', time, (c) => c.notNull())
    .addColumn('expires_at', time, (c) => c.notNull())
    .addColumn('revoked_at', time)
    .addCheckConstraint('invites_not_overused', sql`uses <= max_uses`)
    .execute()
  await db.schema.createIndex('invites_of_account').on('invites').columns(['created_by', 'id']).execute()
  await db.schema.createIndex('invites_of_workspace').on('invites').column('workspace_id').execute()
  await db.schema.createIndex('invites_by_end').on('invites').column('expires_at').execute()
}
