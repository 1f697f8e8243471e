import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Where a thing is that was just made: behind the address it was sent to, if it can be read there. */
export default fp(
  async (app: FastifyInstance) => {
    app.addHook('preSerialization', (request, reply, payload, done) => {
      if (reply.statusCode !== 201 || reply.hasHeader('location')) return done(null, payload)
      const place = `${request.routeOptions.url}/${(payload as { id?: string }).id}`
      if (app.methodsAt(place).includes('GET')) reply.header('location', place)
      done(null, payload)
    })
  },
  { name: 'created', dependencies: ['route-table'] }
)
