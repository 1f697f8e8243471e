import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { isApi } from './api.ts'

const quoted = /"[^"]*"/g

/** Whether a program has this very answer already: the tags it sends are compared weakly, as RFC 9110 has it. */
function has(given: string, tag: string): boolean {
  return given.trim() === '*' || (given.match(quoted)?.includes(tag) ?? false)
}

/**
 * A tag of exactly what is sent to a program that asks, so that it need not be sent again where nothing has changed.
 * It is kept nowhere, and `no-store` stays: a program that has its own copy may ask whether it is still right.
 */
export default fp(
  async (app: FastifyInstance) => {
    app.addHook('onSend', (request, reply, payload, done) => {
      const reading = request.method === 'GET' || request.method === 'HEAD'
      if (!reading || reply.statusCode !== 200 || typeof payload !== 'string' || !isApi(request)) return done()
      const tag = `"${hash('sha256', payload, 'base64url')}"`
      reply.header('etag', tag)
      if (!has(request.headers['if-none-match'] ?? '', tag)) return done()
      reply.code(304).removeHeader('content-type')
      // What answers HEAD drops the body by itself, and wants to know how long it would have been.
      done(null, request.method === 'HEAD' ? payload : null)
    })
  },
  { name: 'etag' }
)
