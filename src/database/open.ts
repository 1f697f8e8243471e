import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import type { Config } from '../config.ts'
import { CarefulSqlite, holdsConnection, openSqliteFile } from './sqlite.ts'
import type { Db, Tables } from './tables.ts'

export const sqliteFile = (config: Config) => join(config.dataDir, 'carrel.db')

export async function openDatabase(config: Config): Promise<Db> {
  const dialect = config.databaseUrl
    ? (await import('./postgres.ts')).postgresDialect(config.databaseUrl)
    : new CarefulSqlite(openSqliteFile(sqliteFile(config)))
  return new Kysely<Tables>({ dialect })
}

/** All or nothing. Inside, only `tx` may be used; reaching for the database around it throws. */
export function inTransaction<Result>(db: Db, work: (tx: Db) => Promise<Result>): Promise<Result> {
  return db.transaction().execute((tx) => holdsConnection.run(true, () => work(tx)))
}

/** A part of a transaction that may fail without taking the rest with it. */
export async function inSavepoint(tx: Db, work: () => Promise<void>) {
  await sql`savepoint part`.execute(tx)
  try {
    await work()
  } catch (error) {
    await sql`rollback to savepoint part`.execute(tx)
    throw error
  } finally {
    await sql`release savepoint part`.execute(tx)
  }
}

export async function reachable(db: Db) {
  await sql`select 1`.execute(db)
}
