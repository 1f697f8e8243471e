import { type Kysely, sql } from 'kysely'
import { bytes, isPostgres, moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  const time = moment(db)

  await db.schema
    .createTable('notebooks')
    .addColumn('account_id', 'text', (c) => c.primaryKey().references('accounts.id').onDelete('cascade'))
    .addColumn('index_name', 'text', (c) => c.notNull().unique())
    .addColumn('revision', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('off_since', time)
    .execute()
  const random = isPostgres(db) ? sql`replace(gen_random_uuid()::text, '-', '')` : sql`lower(hex(randomblob(16)))`
  await sql`insert into notebooks (account_id, index_name) select id, ${random} from accounts`.execute(db)

  await db.schema
    .createTable('memories')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('exchange', 'fact', 'preference')`))
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('same_as', 'text', (c) => c.notNull())
    .addColumn('workspace_id', 'text', (c) => c.references('workspaces.id').onDelete('cascade'))
    .addColumn('message_id', 'text', (c) => c.references('messages.id').onDelete('set null'))
    .addColumn('answer_id', 'text', (c) => c.references('messages.id').onDelete('cascade'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('created_at', time, (c) => c.notNull())
    .addColumn('updated_at', time, (c) => c.notNull())
    .addUniqueConstraint('memories_once', ['account_id', 'same_as'])
    .addCheckConstraint(
      'exchanges_have_a_place',
      sql`(kind = 'exchange') = (workspace_id is not null) and (kind = 'exchange') = (answer_id is not null)`
    )
    .execute()
  await db.schema.createIndex('memories_of_account').on('memories').columns(['account_id', 'id']).execute()
  await db.schema.createIndex('memories_of_kind').on('memories').columns(['account_id', 'kind', 'id']).execute()
  await db.schema.createIndex('memories_by_revision').on('memories').columns(['account_id', 'revision']).execute()
  await db.schema.createIndex('memories_of_workspace').on('memories').columns(['workspace_id', 'account_id']).execute()
  await db.schema.createIndex('memories_of_message').on('memories').column('message_id').execute()
  await db.schema.createIndex('memories_of_answer').on('memories').column('answer_id').execute()

  await db.schema
    .createTable('memory_gists')
    .addColumn('memory_id', 'text', (c) => c.notNull().references('memories.id').onDelete('cascade'))
    .addColumn('k', 'integer', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('workspace_id', 'text', (c) => c.notNull())
    .addColumn('document_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('memory_gists_key', ['memory_id', 'k'])
    .addForeignKeyConstraint(
      'memory_gists_of_document',
      ['workspace_id', 'document_id'],
      'documents',
      ['workspace_id', 'id'],
      (c) => c.onDelete('cascade')
    )
    .execute()
  await db.schema.createIndex('gists_of_document').on('memory_gists').columns(['workspace_id', 'document_id']).execute()

  await db.schema
    .createTable('memory_vectors')
    .addColumn('memory_id', 'text', (c) => c.primaryKey().references('memories.id').onDelete('cascade'))
    .addColumn('embedder', 'text', (c) => c.notNull())
    .addColumn('vector', bytes(db), (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('removed_memories')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('memory_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('removed_memories_key', ['account_id', 'revision', 'memory_id'])
    .execute()

  await db.schema
    .createTable('used_memories')
    .addColumn('message_id', 'text', (c) => c.notNull().references('messages.id').onDelete('cascade'))
    .addColumn('memory_id', 'text', (c) => c.notNull().references('memories.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('used_memories_key', ['message_id', 'memory_id'])
    .execute()
  await db.schema.createIndex('uses_of_memory').on('used_memories').column('memory_id').execute()
}
