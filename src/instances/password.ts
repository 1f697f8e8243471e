import { createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKey } from '../secret.ts'

/**
 * A password that was made here is random, so a fast hash keeps it, under a key that is not in the database: of the
 * first secret, while those that were hashed under an older one are still known.
 */
export function instancePasswords(secrets: string[]) {
  const keys = secrets.map((secret) => deriveKey(secret, 'instance-password'))
  const digest = (password: string, key: Buffer) => createHmac('sha256', key).update(password).digest()

  function matches(password: string, hash: string): boolean {
    const kept = Buffer.from(hash, 'base64url')
    return keys.some((key) => timingSafeEqual(digest(password, key), kept))
  }

  return { hash: (password: string) => digest(password, keys[0] as Buffer).toString('base64url'), matches }
}

export type InstancePasswords = ReturnType<typeof instancePasswords>
