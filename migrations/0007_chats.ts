import { type Kysely, sql } from 'kysely'
import { moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  const time = moment(db)

  await db.schema
    .createTable('chats')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('workspace_id', 'text', (c) => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('created_at', time, (c) => c.notNull())
    .addColumn('updated_at', time, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('chats_of_account').on('chats').columns(['account_id', 'workspace_id', 'id']).execute()
  await db.schema.createIndex('chats_of_workspace').on('chats').column('workspace_id').execute()

  await db.schema
    .createTable('messages')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('chat_id', 'text', (c) => c.notNull().references('chats.id').onDelete('cascade'))
    .addColumn('role', 'text', (c) => c.notNull().check(sql`role in ('question', 'answer')`))
    .addColumn('content', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) =>
      c.notNull().check(sql`state in ('done', 'writing', 'nothing-found', 'failed', 'interrupted')`)
    )
    .addColumn('reason', 'text')
    .addColumn('answerer', 'text')
    .addColumn('why', 'text')
    .addColumn('held_until', time)
    .addColumn('created_at', time, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('messages_of_chat').on('messages').columns(['chat_id', 'id']).execute()
  await sql`create index messages_in_work on messages (id) where state = 'writing'`.execute(db)

  await db.schema
    .createTable('answer_parts')
    .addColumn('message_id', 'text', (c) => c.notNull().references('messages.id').onDelete('cascade'))
    .addColumn('k', 'integer', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('text', 'note', 'quote')`))
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('workspace_id', 'text')
    .addColumn('document_id', 'text')
    .addPrimaryKeyConstraint('answer_parts_key', ['message_id', 'k'])
    .addForeignKeyConstraint(
      'answer_parts_of_document',
      ['workspace_id', 'document_id'],
      'documents',
      ['workspace_id', 'id'],
      (c) => c.onDelete('cascade')
    )
    .execute()
  await db.schema.createIndex('parts_of_document').on('answer_parts').columns(['workspace_id', 'document_id']).execute()

  await db.schema
    .createTable('citations')
    .addColumn('message_id', 'text', (c) => c.notNull().references('messages.id').onDelete('cascade'))
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('workspace_id', 'text', (c) => c.notNull())
    .addColumn('document_id', 'text', (c) => c.notNull())
    .addColumn('passage_id', 'text', (c) => c.notNull())
    .addColumn('passage_n', 'integer', (c) => c.notNull())
    .addColumn('section', 'text', (c) => c.notNull())
    .addColumn('page', 'integer')
    .addColumn('quote', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('citations_key', ['message_id', 'n'])
    .addForeignKeyConstraint(
      'citations_of_document',
      ['workspace_id', 'document_id'],
      'documents',
      ['workspace_id', 'id'],
      (c) => c.onDelete('cascade')
    )
    .execute()
  await db.schema
    .createIndex('citations_of_document')
    .on('citations')
    .columns(['workspace_id', 'document_id'])
    .execute()
}
