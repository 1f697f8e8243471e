import type { FastifyRequest } from 'fastify'
import { couldBeKey, looksLikeKey } from '../api-keys/key.ts'
import { isApi } from '../plugins/api.ts'

/** What a request shows of who asks. A browser sends a cookie by itself; the others only a program sends. */
export type Credential =
  | { kind: 'cookie'; token: string }
  | { kind: 'bearer'; token: string }
  | { kind: 'key'; key: string; inAddress: boolean }
  | { kind: 'instance'; id: string; password: string }
  | { kind: 'unknown' }

const unknown: Credential = { kind: 'unknown' }

function bearer(text: string, api: boolean): Credential {
  if (looksLikeKey(text)) return api ? key(text) : unknown
  return { kind: 'bearer', token: text }
}

const key = (text: unknown, inAddress = false): Credential =>
  typeof text === 'string' && couldBeKey(text) ? { kind: 'key', key: text, inAddress } : unknown

function basic(encoded: string): Credential {
  const [id = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':')
  return { kind: 'instance', id, password: password.join(':') }
}

function authorized(authorization: string, api: boolean): Credential | undefined {
  const [scheme = '', ...rest] = authorization.split(' ')
  const text = rest.join(' ').trim()
  if (scheme.toLowerCase() === 'bearer') return bearer(text, api)
  // Before a page it may be the password of a proxy, which is none of our business.
  if (!api) return undefined
  return scheme.toLowerCase() === 'basic' ? basic(text) : unknown
}

/** Of two such headers a proxy in front may have judged the other one. */
const shownTwice = ({ raw }: FastifyRequest) =>
  raw.rawHeaders.filter((text, at) => at % 2 === 0 && /^authorization$/i.test(text)).length > 1

/** Whatever a program sends counts alone, without the cookie beside it; two of them at once are none. */
export function credentialOf(request: FastifyRequest): Credential | undefined {
  const { authorization, 'x-api-key': header } = request.headers
  const api = isApi(request)
  const shown: Credential[] = []
  const first = authorization ? authorized(authorization, api) : undefined
  if (first) shown.push(shownTwice(request) ? unknown : first)
  if (api && header !== undefined) shown.push(key(header))
  const { key: inAddress } = request.query as { key?: unknown }
  if (api && inAddress !== undefined) shown.push(key(inAddress, true))
  if (shown.length > 0) return shown.length === 1 ? shown[0] : unknown
  if (request.routeOptions.config.programsOnly) return undefined
  const token = request.keptCookie('session_id')
  return token ? { kind: 'cookie', token } : undefined
}
