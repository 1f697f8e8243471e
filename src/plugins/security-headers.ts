import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { isApi } from './api.ts'

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'"
].join('; ')

const constant = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()',
  // Not no-referrer: with that a browser calls the origin of our own forms "null".
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY'
}

const overTls = { ...constant, 'strict-transport-security': 'max-age=63072000; includeSubDomains' }

/** The same headers on every answer; what depends on the person is added where the page is made. */
export default fp(
  async (app: FastifyInstance) => {
    const tls = app.config.publicUrl?.startsWith('https:')
    const headers = tls ? overTls : constant

    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(headers)
      if (isApi(request)) reply.header('cache-control', 'no-store')
      if (!tls && request.protocol === 'https')
        reply.header('strict-transport-security', overTls['strict-transport-security'])
      done()
    })
  },
  { name: 'security-headers' }
)
