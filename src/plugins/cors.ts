import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isApi } from './api.ts'
import { provenance } from './origin.ts'
import { varyBy } from './vary.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** A page of an origin that CORS_ORIGINS lists asks the API; nothing of the browser it is in has come along. */
    crossOrigin: boolean
  }
}

const accepted =
  'Authorization, Content-Type, X-API-Key, Idempotency-Key, If-None-Match, Last-Event-ID, Mcp-Protocol-Version, Mcp-Method, Mcp-Name'
const exposed =
  'Allow, ETag, Idempotency-Replayed, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Warning, WWW-Authenticate'
/** Two hours; no browser remembers it for longer than a day, and Chromium not for longer than this. */
const remembered = 7200

/** A cookie counts for our own pages alone, so for whatever comes after this it was never sent. */
function withoutCookies(request: FastifyRequest) {
  delete request.raw.headers.cookie
  request.cookies = {}
}

/**
 * Lets the pages of listed origins read the API with a credential of their own, and nothing else: no page of ours, no
 * cookie. It stands before whatever asks who somebody is, because a browser asks beforehand without saying who it is.
 */
export default fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('crossOrigin', false)
    const listed = new Set(app.config.corsOrigins)
    if (listed.size === 0) return

    function answerPreflight(request: FastifyRequest, reply: FastifyReply) {
      const methods = app.methodsAt(request.url.split('?', 1)[0] as string)
      if (methods.length > 0) reply.header('access-control-allow-methods', methods.join(', '))
      reply.header('access-control-allow-headers', accepted).header('access-control-max-age', remembered)
      void reply.code(204).send()
    }

    app.addHook('onRequest', (request, reply, done) => {
      if (!isApi(request)) return done()
      varyBy(reply, 'origin')
      const { origin = '', 'access-control-request-method': wanted } = request.headers
      if (!listed.has(origin) || provenance(request, app.config.publicUrl) === 'ours') return done()
      reply.header('access-control-allow-origin', origin)
      if (request.method === 'OPTIONS' && wanted) return answerPreflight(request, reply)
      reply.header('access-control-expose-headers', exposed)
      withoutCookies(request)
      request.crossOrigin = true
      done()
    })

    app.addHook('onSend', (request, reply, _payload, done) => {
      if (request.crossOrigin) reply.removeHeader('set-cookie')
      done()
    })
  },
  { name: 'cors', dependencies: ['cookies', 'route-table'] }
)
