import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<never>) {
  await db.schema
    .alterTable('messages')
    .addColumn('question_id', 'text', (c) => c.references('messages.id').onDelete('cascade'))
    .execute()
  await sql`update messages set question_id = (
    select max(asked.id) from messages as asked
    where asked.chat_id = messages.chat_id and asked.role = 'question' and asked.id < messages.id
  ) where role = 'answer'`.execute(db)
  await db.schema.createIndex('answers_of_question').on('messages').column('question_id').execute()

  // Both held titles and headings of documents apart from them, which would have stayed when those were deleted.
  await sql`update messages set why = null`.execute(db)
  await sql`delete from answer_parts where kind = 'note' and text like ' The nearest passages:%'`.execute(db)

  await db.schema
    .createTable('question_tags')
    .addColumn('message_id', 'text', (c) => c.notNull().references('messages.id').onDelete('cascade'))
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('tag_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('question_tags_key', ['message_id', 'tag_id'])
    .addForeignKeyConstraint('question_tags_of_tag', ['account_id', 'tag_id'], 'tags', ['account_id', 'id'], (c) =>
      c.onDelete('cascade')
    )
    .execute()
  await db.schema.createIndex('questions_of_tag').on('question_tags').columns(['account_id', 'tag_id']).execute()

  // The latest chats of a person, wherever they are.
  await db.schema.createIndex('latest_chats_of_account').on('chats').columns(['account_id', 'id']).execute()
}
