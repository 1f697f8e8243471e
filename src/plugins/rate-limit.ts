import limiter, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { TooMany } from '../errors.ts'

const window = 10 * 1000

/** A household's IPv6 connection has a whole /64 to itself, so that counts as one address. */
export const addressOf = ({ ip }: Pick<FastifyRequest, 'ip'>) => normalizeIP(ip, 64)

/** Calls `tell` for the first refusal of each key in a window: writing every one down would help whoever floods us. */
function oncePerWindow(tell: (request: FastifyRequest) => void) {
  const told = new Set<string>()
  let since = 0
  return (request: FastifyRequest, key: string) => {
    if (Date.now() - since > window) {
      told.clear()
      since = Date.now()
    }
    if (!told.has(key)) tell(request)
    told.add(key)
  }
}

/**
 * So many requests per session, else per address. It stands behind the session hook, because a credential that nobody
 * checked would give every forged one an allowance of its own.
 */
export default fp(
  async (app: FastifyInstance) => {
    await app.register(limiter, {
      global: false,
      enableDraftSpec: true,
      max: app.config.apiLimit,
      timeWindow: window,
      keyGenerator: (request) => request.viewer?.session_id ?? addressOf(request),
      allowList: (request) => request.routeOptions.config.unlimited === true,
      onExceeded: oncePerWindow((request) => void request.audit('access.limited')),
      errorResponseBuilder: (_request, { ttl }) => new TooMany({ retryAfter: Math.ceil(ttl / 1000) })
    })
    app.addHook('onRequest', app.rateLimit())
  },
  { name: 'rate-limit', dependencies: ['session', 'audit'] }
)
