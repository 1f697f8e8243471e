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
    if (!['info', 'debug', 'trace'].includes(app.config.logLevel)) return
    app.addHook('onResponse', async (request, reply) => {
      request.log.info({ req: request, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered')
    })
  },
  { name: 'request-log' }
)
