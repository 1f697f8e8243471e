import { type Expression, type Kysely, PostgresAdapter, sql } from 'kysely'
import type { Db } from './tables.ts'

export const isPostgres = (db: Pick<Kysely<never>, 'getExecutor'>) =>
  db.getExecutor().adapter instanceof PostgresAdapter

/** The type of a moment: text that sorts in SQLite, a real timestamp in PostgreSQL. */
export const moment = (db: Kysely<never>) => (isPostgres(db) ? 'timestamptz' : 'text')

export const bytes = (db: Kysely<never>) => (isPostgres(db) ? 'bytea' : 'blob')

/** A text as it is compared with another, whatever letters it is in; by a function of ours where SQLite knows only English. */
export const folded = (db: Db, text: Expression<unknown>) =>
  isPostgres(db) ? sql`lower(${text})` : sql`folded(${text})`
