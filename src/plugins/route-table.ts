import type { FastifyInstance, FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import { type Demand, demandOf } from './access.ts'

export type Route = { method: string; url: string; schema: FastifySchema; demand: Demand | undefined }

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route there is, as it was registered. */
    routeTable: Route[]
    /** The methods that a path takes; empty when there is no such path. */
    methodsAt(path: string): string[]
  }
}

const pattern = (url: string) =>
  new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`)

/** Knows what was registered: to answer 405 with what is allowed, for the reference, and for the test of every route. */
export default fp(
  async (app: FastifyInstance) => {
    const known: (Route & { path: RegExp })[] = []
    app.decorate('routeTable', known)
    app.decorate('methodsAt', (path: string) => {
      const methods = known.filter((route) => route.path.test(path)).map((route) => route.method)
      return [...new Set(methods)].sort()
    })
    app.addHook('onRoute', ({ method, url, schema = {}, onRequest }) => {
      const demand = demandOf(onRequest)
      for (const one of [method].flat()) known.push({ method: one, url, path: pattern(url), schema, demand })
    })
  },
  { name: 'route-table' }
)
