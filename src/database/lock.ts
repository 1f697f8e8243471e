import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import type { Config } from '../config.ts'

export class AlreadyServing extends Error {}

/**
 * Only one server may use a SQLite file. The lock is one of the operating system's, held through a small SQLite file
 * of its own, so it is gone the moment the process is, however it ended.
 */
export function holdServerLock(config: Config): () => void {
  const lock = new SQLite(join(config.dataDir, 'server.lock'), { timeout: 0 })
  try {
    lock.pragma('journal_mode = delete')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY') !== true) throw error
    throw new AlreadyServing(`Another Carrel is already serving ${config.dataDir}. Stop it first.`)
  }
  return () => lock.close()
}
