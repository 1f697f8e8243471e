import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addressOf } from './address.ts'

/** What may be said about a request in a log: never its query, its cookies or its body. */
export const logged = {
  req: (request: FastifyRequest) => ({
    method: request.method,
    path: request.url.split('?', 1)[0],
    address: addressOf(request)
  })
}

export default fp(
  async (app: FastifyInstance) => {
    // What is hardly HTTP comes with all of it as it was sent, a credential and all, and the framework writes that down.
    app.server.prependListener('clientError', (error: { rawPacket?: unknown }) => {
      delete error.rawPacket
    })
    if (!['info', 'debug', 'trace'].includes(app.config.logLevel)) return
    app.addHook('onResponse', async (request, reply) => {
      request.log.info({ req: request, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered')
    })
  },
  { name: 'request-log' }
)
