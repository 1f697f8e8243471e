import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import { type Config, WrongSettings } from '../config.ts'
import { CarefulSqlite, holdsConnection, openSqliteFile } from './sqlite.ts'
import type { Db, Tables } from './tables.ts'

export const sqliteFile = (config: Config) => join(config.dataDir, 'carrel.db')

export async function openDatabase(config: Config): Promise<Db> {
  if (config.databaseUrl) return openPostgres(config.databaseUrl)
  return new Kysely<Tables>({ dialect: new CarefulSqlite(openSqliteFile(sqliteFile(config))) })
}

/** Asks it something at once, so that an address that leads nowhere is told before anything else is tried. */
async function openPostgres(url: string): Promise<Db> {
  const { postgresDialect } = await import('./postgres.ts')
  const db = new Kysely<Tables>({ dialect: postgresDialect(url) })
  try {
    await reachable(db)
    return db
  } catch (error) {
    await db.destroy()
    const { message, code } = error as NodeJS.ErrnoException
    throw new WrongSettings(`DATABASE_URL must lead to a PostgreSQL database that lets Carrel in: ${message || code}`)
  }
}

/** All or nothing. Inside, only `tx` may be used; reaching for the database around it throws. */
export function inTransaction<Result>(db: Db, work: (tx: Db) => Promise<Result>): Promise<Result> {
  return db.transaction().execute((tx) => holdsConnection.run(true, () => work(tx)))
}

/** The database has undone the whole transaction by itself, as SQLite does when the disk is full. */
export class Undone extends Error {
  readonly code: string | undefined

  constructor(cause: Error & { code?: string }) {
    super(cause.message, { cause })
    this.code = cause.code
  }
}

/** A part of a transaction that may fail without taking the rest with it. */
export async function inSavepoint(tx: Db, work: () => Promise<void>) {
  await sql`savepoint part`.execute(tx)
  try {
    await work()
  } catch (error) {
    const kept = await sql`rollback to savepoint part`.execute(tx).catch(() => false)
    throw kept ? error : new Undone(error as Error)
  }
  await sql`release savepoint part`.execute(tx)
}

export async function reachable(db: Db) {
  await sql`select 1`.execute(db)
}
