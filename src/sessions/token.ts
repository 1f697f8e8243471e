import { createRequire } from 'node:module'
import { deriveKey } from '../secret.ts'

const require = createRequire(import.meta.url)

const algorithm = 'HS256'
const type = 'at+jwt'
const purpose = 'access'
const iss = 'carrel'
const aud = 'carrel-api'
const claims = ['iss', 'aud', 'typ', 'sub', 'sid', 'iat', 'exp']
/** Seconds by which the clocks of two servers of one Carrel may differ. */
const leeway = 5

const secondsOf = (ms: number) => Math.floor(ms / 1000)

/** The library is read with the first token: a Carrel that serves only pages needs none of its ten megabytes. */
function signing(secret: string) {
  const { createSigner, createVerifier } = require('fast-jwt') as typeof import('fast-jwt')
  const key = deriveKey(secret, 'bearer-token')
  const kid = deriveKey(secret, 'bearer-token-name').toString('base64url', 0, 6)
  const sign = createSigner({ key, algorithm, iss, aud, header: { alg: algorithm, typ: type, kid } })
  return {
    sign,
    head: `${sign({}).split('.', 1)}.`,
    verify(token: string, clockTimestamp: number) {
      const rules = { algorithms: [algorithm as 'HS256'], allowedIss: iss, allowedAud: aud, checkTyp: type }
      return createVerifier({ key, ...rules, requiredClaims: claims, clockTimestamp })(token)
    }
  }
}

/** Base64 has several spellings of the last byte, of which a token of ours has one. */
function spelledAsOurs(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1)
  return Buffer.from(signature, 'base64url').toString('base64url') === signature
}

/**
 * A bearer token names a session; it is worth nothing once that session has ended. The first secret signs. A token is
 * judged by the one whose header it shows, letter for letter, so nothing else that a header may say is ever obeyed.
 */
export function bearerTokens(secrets: string[], now: () => Date) {
  let library: ReturnType<typeof signing>[] | undefined
  const keys = () => (library ??= secrets.map(signing))

  return {
    sign(account: { id: string; email: string }, session: { id: string; expiresAt: string }): string {
      const [current] = keys() as [ReturnType<typeof signing>]
      const [iat, exp] = [secondsOf(now().getTime()), secondsOf(Date.parse(session.expiresAt))]
      const person = { sub: account.id, userId: account.id, email: account.email }
      return current.sign({ ...person, sid: session.id, iat, exp, typ: purpose })
    },
    /** The session and account a token names, or undefined for one that is not ours, was changed or is too old. */
    read(token: string): { session: string; account: string } | undefined {
      const time = now().getTime()
      const key = keys().find(({ head }) => token.startsWith(head))
      if (!key || !spelledAsOurs(token)) return undefined
      try {
        const { sid, sub, typ, aud: whom, iat } = key.verify(token, time)
        if (typ !== purpose || whom !== aud || typeof iat !== 'number' || iat > secondsOf(time) + leeway)
          return undefined
        return typeof sid === 'string' && typeof sub === 'string' ? { session: sid, account: sub } : undefined
      } catch {
        return undefined
      }
    }
  }
}

export type BearerTokens = ReturnType<typeof bearerTokens>
