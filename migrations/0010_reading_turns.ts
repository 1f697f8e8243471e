import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<never>) {
  await db.schema
    .alterTable('documents')
    .addColumn('turn', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema.dropIndex('documents_in_work').execute()
  const unread = sql`where state in ('pending', 'extracting')`
  await sql`create index documents_in_turn on documents (turn, id) ${unread}`.execute(db)
  await sql`create index documents_waiting on documents (added_by, turn) ${unread}`.execute(db)
  await sql`create index documents_to_finish on documents (turn, id) where state = 'indexing'`.execute(db)
}
