import { sql } from 'kysely'
import { isPostgres } from './columns.ts'
import type { Db } from './tables.ts'

/** What is not as it should be, in words without anybody's own; `mend` where it can be set right and nothing is lost. */
export type Problem = { says: string; mend?: () => Promise<unknown> }

/** What SQLite itself has to say about its file; PostgreSQL sees to that by itself. */
export async function* databaseProblems(db: Db): AsyncGenerator<Problem> {
  if (isPostgres(db as never)) return
  const { rows: told } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db)
  for (const { integrity_check } of told)
    if (integrity_check !== 'ok') yield { says: `The database file is damaged: ${integrity_check}.` }

  const { rows: loose } = await sql<{ table: string; parent: string }>`pragma foreign_key_check`.execute(db)
  const kinds = new Map<string, number>()
  for (const { table, parent } of loose) {
    const kind = `Rows of ${table} that point to ${parent} that are not there`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  for (const [kind, count] of kinds) yield { says: `${kind}: ${count}.` }
}
