import { AsyncLocalStorage } from 'node:async_hooks'
import SQLite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
  sql
} from 'kysely'
import type { Db } from './tables.ts'

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
  sqlite.function('folded', { deterministic: true }, (text) => String(text ?? '').toLowerCase())
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

/** The one connection, and who waits for it. */
class Turns {
  readonly sqlite: SQLite.Database
  readonly statements: ReturnType<typeof rememberStatements>
  readonly #reads = new Map<string, SQLite.Statement>()
  readonly #waiting: (() => void)[] = []
  #taken = false

  constructor(sqlite: SQLite.Database) {
    this.sqlite = sqlite
    this.statements = rememberStatements(sqlite)
  }

  async take() {
    if (holdsConnection.getStore()) throw new Error('Use the transaction here, not the database around it.')
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#taken = true
  }

  pass() {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken = false
  }

  /** Reads at once if nobody holds the connection: SQLite answers before anybody else could take it. */
  readNow(sql: string, parameters: readonly unknown[]): unknown[] | undefined {
    if (this.#taken) return undefined
    const read = this.#reads.get(sql) ?? this.sqlite.prepare(steady(sql))
    this.#reads.set(sql, read)
    return read.all(parameters)
  }
}

/** Hands the connection to one user at a time. Asking for it while holding it throws instead of hanging. */
class TurnTakingDriver extends SqliteDriver {
  readonly #turns: Turns

  constructor(turns: Turns) {
    super({ database: turns.statements })
    this.#turns = turns
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turns.take()
    return super.acquireConnection()
  }

  override async releaseConnection() {
    this.#turns.pass()
  }

  override async beginTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** A full disk makes SQLite roll back by itself; there is nothing left to undo then. */
  override async rollbackTransaction(connection: DatabaseConnection) {
    if (this.#turns.sqlite.inTransaction) await super.rollbackTransaction(connection)
  }
}

/** The driver above takes turns by itself, and SQLite's schema changes are transactional. */
export class CarefulAdapter extends SqliteAdapter {
  readonly #turns: Turns

  constructor(turns: Turns) {
    super()
    this.#turns = turns
  }

  override get supportsMultipleConnections() {
    return true
  }
  override get supportsTransactionalDdl() {
    return true
  }

  readNow(sql: string, parameters: readonly unknown[]) {
    return this.#turns.readNow(sql, parameters)
  }
}

/** Takes what was written into the file itself, so that the log beside it keeps nothing that was deleted. */
export async function emptyLog(db: Db) {
  if (db.getExecutor().adapter instanceof CarefulAdapter) await sql`pragma wal_checkpoint(truncate)`.execute(db)
}

export class CarefulSqlite extends SqliteDialect {
  readonly #turns: Turns

  constructor(sqlite: SQLite.Database) {
    super({ database: sqlite as never })
    this.#turns = new Turns(sqlite)
  }

  override createDriver() {
    return new TurnTakingDriver(this.#turns)
  }

  override createAdapter() {
    return new CarefulAdapter(this.#turns)
  }
}
