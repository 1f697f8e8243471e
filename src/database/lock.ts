import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import type { Config } from '../config.ts'

export class AlreadyServing extends Error {}

/**
 * A lock of the operating system's, held through a small SQLite file of its own, so it is gone the moment the process
 * is, however it ended. Undefined where somebody else holds it, also after waiting so many milliseconds.
 */
export function holdLock(file: string, timeout = 0): (() => void) | undefined {
  const lock = new SQLite(file, { timeout })
  try {
    lock.pragma('journal_mode = delete')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY') !== true) throw error
    return undefined
  }
  return () => void lock.close()
}

const serverLock = ({ dataDir }: Config) => join(dataDir, 'server.lock')

/** So long may somebody have the lock who only looks whether it is free. */
const look = 200

/** Only one server may use a SQLite file. */
export function holdServerLock(config: Config): () => void {
  const unlock = holdLock(serverLock(config), look)
  if (unlock) return unlock
  throw new AlreadyServing(`Another Carrel is already serving ${config.dataDir}. Stop it first.`)
}

export function isServing(config: Config): boolean {
  const unlock = holdLock(serverLock(config))
  unlock?.()
  return !unlock
}
