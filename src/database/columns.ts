import { type Kysely, PostgresAdapter } from 'kysely'

export const isPostgres = (db: Kysely<never>) => db.getExecutor().adapter instanceof PostgresAdapter

/** The type of a moment: text that sorts in SQLite, a real timestamp in PostgreSQL. */
export const moment = (db: Kysely<never>) => (isPostgres(db) ? 'timestamptz' : 'text')

export const bytes = (db: Kysely<never>) => (isPostgres(db) ? 'bytea' : 'blob')
