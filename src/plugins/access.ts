import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Forbidden, SignInRequired } from '../errors.ts'
import type { Viewer } from '../sessions/store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever is signed in; throws when nobody is, so no handler can act for nobody. */
    readonly user: Viewer
  }
}

export function anyone(_request: FastifyRequest, _reply: FastifyReply, done: () => void) {
  done()
}

export async function requireUser(request: FastifyRequest) {
  request.user
}

export async function requireAdmin(request: FastifyRequest) {
  if (request.user.role !== 'admin') throw new Forbidden()
}

const gates = new Set<unknown>([anyone, requireUser, requireAdmin])

/** A route that names no gate stops the boot, so access is never an accident. Gates stand before the body is read. */
export default fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('user', {
      getter(this: FastifyRequest) {
        if (!this.viewer) throw new SignInRequired()
        return this.viewer
      }
    })
    app.addHook('onRoute', ({ method, url, onRequest }) => {
      if (![onRequest].flat().some((hook) => gates.has(hook))) throw new Error(`${method} ${url} names no gate`)
    })
  },
  { name: 'access', dependencies: ['session'] }
)
