import { createRequire } from 'node:module'
import { deriveKey } from '../secret.ts'

const require = createRequire(import.meta.url)

const algorithm = 'HS256'
const typ = 'at+jwt'
const iss = 'carrel'
const aud = 'carrel-api'

/** The library is read with the first token: a Carrel that serves only pages needs none of its ten megabytes. */
function signing(key: Buffer) {
  const { createSigner, createVerifier } = require('fast-jwt') as typeof import('fast-jwt')
  return {
    sign: createSigner({ key, algorithm, iss, aud, header: { alg: algorithm, typ } }),
    verify: createVerifier({
      key,
      algorithms: [algorithm],
      allowedIss: iss,
      allowedAud: aud,
      checkTyp: typ,
      requiredClaims: ['iss', 'aud', 'sub', 'sid', 'exp']
    })
  }
}

/** A bearer token names a session; it is worth nothing once that session has ended. */
export function bearerTokens(secret: string) {
  const key = deriveKey(secret, 'bearer-token')
  let library: ReturnType<typeof signing> | undefined
  const jwt = () => (library ??= signing(key))

  return {
    sign(account: { id: string; email: string }, session: { id: string; expiresAt: string }): string {
      const exp = Math.floor(Date.parse(session.expiresAt) / 1000)
      return jwt().sign({ sub: account.id, sid: session.id, exp, userId: account.id, email: account.email })
    },
    /** The session and account a token names, or undefined for one that is not ours, was changed or is too old. */
    read(token: string): { session: string; account: string } | undefined {
      try {
        const { sid, sub } = jwt().verify(token)
        return typeof sid === 'string' && typeof sub === 'string' ? { session: sid, account: sub } : undefined
      } catch {
        return undefined
      }
    }
  }
}

export type BearerTokens = ReturnType<typeof bearerTokens>
