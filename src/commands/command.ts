import type { ParseArgsOptionsConfig } from 'node:util'
import { type Config, readConfig } from '../config.ts'
import { openDataFolder } from '../data-folder.ts'
import { holdServerLock } from '../database/lock.ts'
import { migrate, pendingMigrations } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import { Refusal } from '../errors.ts'
import { environment } from './environment.ts'
import { readOptions, type Values } from './options.ts'

type Command = {
  help: string
  options: ParseArgsOptionsConfig
  /** Does the work and answers the one line that says what was done. */
  run: (given: { db: Db; config: Config; values: Values }) => Promise<string>
}

/** A database that is up to date; it is only changed to be so while no server uses it. */
async function openForCommand(config: Config): Promise<Db> {
  openDataFolder(config)
  const db = await openDatabase(config)
  if ((await pendingMigrations(db)).length > 0) {
    const unlock = config.databaseUrl ? () => {} : holdServerLock(config)
    await migrate(db, config).finally(unlock)
  }
  return db
}

/** A field of an account by the name of the option it comes from. */
const optionFor = (field: string) => `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** Why it did not work, in words: what was typed wrong, what was refused, or what is broken. */
function inWords(error: Error): string {
  if (error instanceof Refusal && error.fields) {
    const complaints = Object.entries(error.fields).map(([field, says]) => `${optionFor(field)}: ${says}`)
    return complaints.join('\n')
  }
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

/** Runs a command as npm calls it: help if asked for, one line on success, the reason and status 1 on failure. */
export async function command({ help, options, run }: Command) {
  let db: Db | undefined
  try {
    const values = readOptions(help, options)
    if (!values) return
    const config = readConfig(environment())
    db = await openForCommand(config)
    console.log(await run({ db, config, values }))
  } catch (error) {
    console.error(inWords(error as Error))
    process.exitCode = 1
  } finally {
    await db?.destroy()
  }
}
