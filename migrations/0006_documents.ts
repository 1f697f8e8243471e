import { type Kysely, sql } from 'kysely'
import { bytes, isPostgres, moment } from '../src/database/columns.ts'

export async function up(db: Kysely<never>) {
  const time = moment(db)

  await db.schema
    .alterTable('workspaces')
    .addColumn('revision', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()

  await db.schema.alterTable('workspaces').addColumn('index_name', 'text').execute()
  const random = isPostgres(db) ? sql`replace(gen_random_uuid()::text, '-', '')` : sql`lower(hex(randomblob(16)))`
  await sql`update workspaces set index_name = ${random}`.execute(db)
  await db.schema.createIndex('workspaces_by_index').unique().on('workspaces').column('index_name').execute()

  await db.schema
    .createTable('documents')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('workspace_id', 'text', (c) => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('added_by', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('origin', 'text', (c) => c.notNull().check(sql`origin in ('file', 'text', 'page')`))
    .addColumn('source_url', 'text')
    .addColumn('format', 'text')
    .addColumn('file', 'text', (c) => c.notNull().unique())
    .addColumn('bytes', 'integer', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('pages', 'integer')
    .addColumn('state', 'text', (c) =>
      c.notNull().check(sql`state in ('pending', 'extracting', 'indexing', 'ready', 'failed')`)
    )
    .addColumn('reason', 'text')
    .addColumn('tries', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('held_by', 'text')
    .addColumn('held_until', time)
    .addColumn('revision', 'integer')
    .addColumn('created_at', time, (c) => c.notNull())
    .addColumn('updated_at', time, (c) => c.notNull())
    .addUniqueConstraint('documents_once', ['workspace_id', 'hash'])
    .addUniqueConstraint('documents_of_workspace', ['workspace_id', 'id'])
    .execute()
  await db.schema.createIndex('documents_by_revision').on('documents').columns(['workspace_id', 'revision']).execute()
  await db.schema.createIndex('documents_of_account').on('documents').columns(['added_by', 'bytes']).execute()
  await sql`create index documents_in_work on documents (id) where state in ('pending', 'extracting', 'indexing')`.execute(
    db
  )

  await db.schema
    .createTable('passages')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('workspace_id', 'text', (c) => c.notNull())
    .addColumn('document_id', 'text', (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('headings', 'text', (c) => c.notNull())
    .addColumn('section', 'text', (c) => c.notNull())
    .addColumn('lead', 'text', (c) => c.notNull())
    .addColumn('page', 'integer')
    .addUniqueConstraint('passages_in_order', ['document_id', 'n'])
    .addForeignKeyConstraint(
      'passages_of_document',
      ['workspace_id', 'document_id'],
      'documents',
      ['workspace_id', 'id'],
      (c) => c.onDelete('cascade')
    )
    .execute()
  await db.schema.createIndex('passages_of_workspace').on('passages').columns(['workspace_id', 'document_id']).execute()

  await db.schema
    .createTable('passage_vectors')
    .addColumn('passage_id', 'text', (c) => c.primaryKey().references('passages.id').onDelete('cascade'))
    .addColumn('embedder', 'text', (c) => c.notNull())
    .addColumn('vector', bytes(db), (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('removed_documents')
    .addColumn('workspace_id', 'text', (c) => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('document_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('removed_documents_key', ['workspace_id', 'revision', 'document_id'])
    .execute()

  await db.schema
    .createTable('leftovers')
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('file', 'index')`))
    .addColumn('name', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('leftovers_key', ['kind', 'name'])
    .execute()

  await db.schema
    .createTable('facts')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('tags')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('folded', 'text', (c) => c.notNull())
    .addColumn('created_at', time, (c) => c.notNull())
    .addUniqueConstraint('tags_once', ['account_id', 'folded'])
    .addUniqueConstraint('tags_of_account', ['account_id', 'id'])
    .execute()

  await db.schema
    .createTable('document_tags')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('tag_id', 'text', (c) => c.notNull())
    .addColumn('workspace_id', 'text', (c) => c.notNull())
    .addColumn('document_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('document_tags_key', ['tag_id', 'document_id'])
    .addForeignKeyConstraint('document_tags_of_tag', ['account_id', 'tag_id'], 'tags', ['account_id', 'id'], (c) =>
      c.onDelete('cascade')
    )
    .addForeignKeyConstraint(
      'document_tags_of_document',
      ['workspace_id', 'document_id'],
      'documents',
      ['workspace_id', 'id'],
      (c) => c.onDelete('cascade')
    )
    .execute()
  await db.schema.createIndex('tags_of_document').on('document_tags').columns(['document_id', 'account_id']).execute()
}
