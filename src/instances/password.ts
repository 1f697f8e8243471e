import { createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKey } from '../secret.ts'

/** A password that was made here is random, so a fast hash keeps it, under a key that is not in the database. */
export function instancePasswords(secret: string) {
  const key = deriveKey(secret, 'instance-password')
  const digest = (password: string) => createHmac('sha256', key).update(password).digest()

  return {
    hash: (password: string) => digest(password).toString('base64url'),
    matches: (password: string, hash: string) => timingSafeEqual(digest(password), Buffer.from(hash, 'base64url'))
  }
}

export type InstancePasswords = ReturnType<typeof instancePasswords>
