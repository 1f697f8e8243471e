import { AsyncLocalStorage } from 'node:async_hooks'
import SQLite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement
} from 'kysely'

const cachedStatements = 500

/** True inside `inTransaction`, where the one connection is taken. */
export const holdsConnection = new AsyncLocalStorage<boolean>()

/** Settings SQLite must confirm before anybody's data is trusted to it. */
const pragmas = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, trusted_schema: 0, secure_delete: 1 } as const

export function openSqliteFile(file: string) {
  const sqlite = new SQLite(file, { timeout: 5000 })
  sqlite.pragma('busy_timeout = 5000')
  for (const [name, wanted] of Object.entries(pragmas)) {
    sqlite.pragma(`${name} = ${wanted}`)
    const actual = sqlite.pragma(name, { simple: true })
    if (actual !== wanted) throw new Error(`SQLite keeps ${name} at ${actual}, it must be ${wanted}`)
  }
  sqlite.pragma('temp_store = memory')
  sqlite.pragma('mmap_size = 268435456')
  sqlite.pragma('journal_size_limit = 67108864')
  return sqlite
}

/**
 * SQLite plans a statement again whenever a value is bound to a bare `?` that its plan might have looked at, which costs
 * more than the query itself; it does not look behind a `+`. A text in quotes is left alone, for it might hold a `?`.
 */
const steady = (sql: string) => (sql.includes("'") ? sql : sql.replaceAll('?', '+?'))

/** Kysely asks for a statement at every execution; SQLite need only prepare it once. */
function rememberStatements(sqlite: SQLite.Database) {
  const statements = new Map<string, SQLite.Statement>()
  return {
    close: () => sqlite.close(),
    prepare(sql: string): SqliteStatement {
      const known = statements.get(sql)
      if (known && !known.busy) return known as unknown as SqliteStatement
      const fresh = sqlite.prepare(steady(sql))
      if (statements.size >= cachedStatements) statements.delete(statements.keys().next().value as string)
      statements.set(sql, fresh)
      return fresh as unknown as SqliteStatement
    }
  }
}

/** Hands the one connection to one user at a time. Asking for it while holding it throws instead of hanging. */
class TurnTakingDriver extends SqliteDriver {
  readonly #sqlite: SQLite.Database
  readonly #waiting: (() => void)[] = []
  #taken = false

  constructor(sqlite: SQLite.Database) {
    super({ database: rememberStatements(sqlite) })
    this.#sqlite = sqlite
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    if (holdsConnection.getStore()) throw new Error('Use the transaction here, not the database around it.')
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#taken = true
    return super.acquireConnection()
  }

  override async releaseConnection() {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken = false
  }

  override async beginTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** A full disk makes SQLite roll back by itself; there is nothing left to undo then. */
  override async rollbackTransaction(connection: DatabaseConnection) {
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection)
  }
}

/** The driver above takes turns by itself, and SQLite's schema changes are transactional. */
class CarefulAdapter extends SqliteAdapter {
  override get supportsMultipleConnections() {
    return true
  }
  override get supportsTransactionalDdl() {
    return true
  }
}

export class CarefulSqlite extends SqliteDialect {
  readonly #sqlite: SQLite.Database

  constructor(sqlite: SQLite.Database) {
    super({ database: sqlite as never })
    this.#sqlite = sqlite
  }

  override createDriver() {
    return new TurnTakingDriver(this.#sqlite)
  }

  override createAdapter() {
    return new CarefulAdapter()
  }
}
