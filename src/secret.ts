import { hkdfSync, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, WrongSettings } from './config.ts'

const shortest = 32

/**
 * The setting if it is given, else the file made at the first start, one secret a line. The first is the one in use, and
 * what the others have made is still believed. Production never makes one by itself.
 */
export function loadSecrets(config: Config): string[] {
  if (config.secretKeys) return config.secretKeys
  const file = join(config.dataDir, 'secret')
  const kept = readIfThere(file)
  if (kept !== undefined) {
    const secrets = kept.split(/\s*\n\s*/)
    if (secrets.every((secret) => secret.length >= shortest)) return secrets
    throw new WrongSettings(
      `${file} must hold whole secrets, one a line: restore it, or remove it, which ends all bearer tokens.`
    )
  }
  if (config.production) {
    throw new WrongSettings(`SECRET_KEY must be set in production, or ${file} must exist.`)
  }
  writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return [readFileSync(file, 'utf8').trim()]
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
}

/** One key per purpose, so that none of them tells anything of another. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'carrel', purpose, 32))
}
