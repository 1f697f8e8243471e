import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { deriveKey } from '../secret.ts'

const cipher = 'aes-256-gcm'
const [nonceBytes, tagBytes] = [12, 16]

/** What has been answered: as it was, or only what it was about, for a route that tells that anew. */
export type Answered = { status: number; location?: string; body: string } | { retell: Record<string, string> }

/**
 * What is kept for one key that a program has made up. All of it comes from that key and from our secret together, and
 * the key is not kept: so whoever has the data, and even the secret, reads neither the key nor what was answered.
 */
export function sealing(
  secret: string,
  { account, credential, key }: Record<'account' | 'credential' | 'key', string>
) {
  const own = deriveKey(secret, ['repeats', account, credential, key].join(' '))
  const derived = (what: string, text = '') => createHmac('sha256', own).update(`${what}\n${text}`).digest()
  const sealKey = derived('seal')

  return {
    name: derived('name').toString('base64url'),
    requestHash: (request: string) => derived('request', request).toString('base64url'),

    seal(answered: Answered): Buffer {
      const nonce = randomBytes(nonceBytes)
      const sealed = createCipheriv(cipher, sealKey, nonce)
      const text = Buffer.concat([sealed.update(JSON.stringify(answered), 'utf8'), sealed.final()])
      return Buffer.concat([nonce, sealed.getAuthTag(), text])
    },

    open(kept: Buffer): Answered {
      const opened = createDecipheriv(cipher, sealKey, kept.subarray(0, nonceBytes), { authTagLength: tagBytes })
      opened.setAuthTag(kept.subarray(nonceBytes, nonceBytes + tagBytes))
      const text = Buffer.concat([opened.update(kept.subarray(nonceBytes + tagBytes)), opened.final()])
      return JSON.parse(text.toString('utf8'))
    }
  }
}
