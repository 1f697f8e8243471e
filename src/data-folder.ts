import { mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Config, WrongSettings } from './config.ts'

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Level by level: Node's own way of making all of them never returns where one may not be made, as in `/proc`. */
function makeFolder(folder: string) {
  const parent = dirname(folder)
  if (parent !== folder && !isFolder(parent)) makeFolder(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (!isFolder(folder)) throw error
  }
}

/** Makes the folder everything is kept in, for its owner alone, and makes sure by trying that it can be written to. */
export function openDataFolder({ dataDir }: Config) {
  try {
    makeFolder(resolve(dataDir))
    rmdirSync(mkdtempSync(join(dataDir, 'writable-')))
  } catch (error) {
    throw new WrongSettings(`DATA_DIR must be a folder that can be written to: ${(error as Error).message}`)
  }
}
