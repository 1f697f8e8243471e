import { PostgresDialect } from 'kysely'
import pg from 'pg'

const timestamptz = 1184
const bigint = 20

/** Moments arrive as the same ISO text that SQLite keeps; counts arrive as numbers. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === timestamptz) return (value: string) => new Date(value).toISOString()
    if (oid === bigint) return Number
    return pg.types.getTypeParser(oid, format as 'text')
  }
}

export function postgresDialect(connectionString: string) {
  const pool = new pg.Pool({
    connectionString,
    types: types as pg.CustomTypesConfig,
    max: 10,
    connectionTimeoutMillis: 5000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    options: '-c timezone=UTC'
  })
  // A connection that breaks while idle is replaced at the next query, which reports what is wrong.
  pool.on('error', () => {})
  return new PostgresDialect({ pool })
}
