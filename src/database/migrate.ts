import { promises as fs, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import type { Config } from '../config.ts'
import { isPostgres } from './columns.ts'
import type { Db } from './tables.ts'

const folder = join(import.meta.dirname, '../../migrations')

function migrator(db: Db) {
  return new Migrator({
    db,
    provider: new FileMigrationProvider({
      fs,
      path: { join },
      migrationFolder: folder,
      onFileIgnored: (fileName) => {
        throw new Error(`${fileName} does not belong in the migrations folder`)
      }
    })
  })
}

export async function pendingMigrations(db: Db): Promise<string[]> {
  const all = await migrator(db).getMigrations()
  return all.filter((migration) => !migration.executedAt).map(({ name }) => name)
}

/** Brings the schema up to date in one transaction, or leaves it as it was. */
export async function migrate(db: Db, config: Config, to?: string) {
  const known = await migrator(db).getMigrations()
  const pending = known.filter(({ executedAt }) => !executedAt).map(({ name }) => name)
  const fresh = known.length === pending.length
  if (!fresh)
    await refuseNewer(
      db,
      known.map(({ name }) => name)
    )
  if (pending.length === 0) return []
  if (!fresh && !isPostgres(db as never)) await keepSnapshot(db, config, pending[0] as string)

  const steps = migrator(db)
  const { error, results = [] } = to ? await steps.migrateTo(to) : await steps.migrateToLatest()
  if (error) {
    const failed = results.find(({ status }) => status === 'Error')?.migrationName ?? 'a migration'
    throw new Error(`The database was left as it was, because ${failed} failed`, { cause: error })
  }
  return results.map(({ migrationName }) => migrationName)
}

/** An older Carrel must not write into what a newer one has changed. */
async function refuseNewer(db: Db, known: string[]) {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
  const later = rows.find(({ name }) => !known.includes(name))
  if (later)
    throw new Error(`A newer Carrel has used this database (${later.name}). Start that one, or restore a backup.`)
}

/** A whole copy of the SQLite file as it was before a migration touches it. */
async function keepSnapshot(db: Db, config: Config, before: string) {
  const place = join(config.dataDir, 'snapshots')
  mkdirSync(place, { recursive: true, mode: 0o700 })
  const moment = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const file = join(place, `before-${before}-${moment}.db`)
  const unfinished = join(place, 'unfinished')
  rmSync(unfinished, { force: true })
  await sql`vacuum into ${unfinished}`.execute(db)
  const handle = await fs.open(unfinished, 'r+')
  await handle.sync()
  await handle.close()
  renameSync(unfinished, file)
}
