import limiter from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { TooMany } from '../errors.ts'
import { credentialIdOf } from '../viewer.ts'
import { networkOf } from './address.ts'

const window = 10 * 1000
const tooMany = 'Too many requests. Wait a little, then go on.'

/**
 * So many requests per credential, else per address. It stands behind the session hook, because a credential that nobody
 * checked would give every forged one an allowance of its own.
 */
export default fp(
  async (app: FastifyInstance) => {
    await app.register(limiter, {
      global: false,
      enableDraftSpec: true,
      max: app.config.apiLimit,
      timeWindow: window,
      keyGenerator: (request) => (request.viewer ? credentialIdOf(request.viewer) : networkOf(request)),
      allowList: (request) => request.routeOptions.config.impersonal === true,
      onExceeded: (request) => void request.audit('access.limited'),
      errorResponseBuilder: (_request, { ttl }) => new TooMany({ message: tooMany, retryAfter: Math.ceil(ttl / 1000) })
    })
    app.addHook('onRequest', app.rateLimit())
  },
  { name: 'rate-limit', dependencies: ['session', 'audit'] }
)
