import { accessSync, constants, mkdirSync } from 'node:fs'
import { type Config, WrongSettings } from './config.ts'

/** Makes the folder everything is kept in, for its owner alone, and makes sure that it can be written to. */
export function openDataFolder({ dataDir }: Config) {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new WrongSettings(`DATA_DIR must be a folder that can be written to: ${(error as Error).message}`)
  }
}
