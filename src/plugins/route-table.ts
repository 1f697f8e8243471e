import type { FastifyInstance, FastifySchema } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route there is, as it was registered. */
    routeTable: { method: string; url: string; schema?: FastifySchema | undefined }[]
    /** The methods that a path takes; empty when there is no such path. */
    methodsAt(path: string): string[]
  }
}

const pattern = (url: string) =>
  new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`)

/** Knows what was registered, to answer 405 with what is allowed, and for the test that walks every route. */
export default fp(
  async (app: FastifyInstance) => {
    const known: { method: string; url: string; schema: FastifySchema | undefined; path: RegExp }[] = []
    app.decorate('routeTable', known)
    app.decorate('methodsAt', (path: string) => {
      const methods = known.filter((route) => route.path.test(path)).map((route) => route.method)
      return [...new Set(methods)].sort()
    })
    app.addHook('onRoute', ({ method, url, schema }) => {
      for (const one of [method].flat()) known.push({ method: one, url, schema, path: pattern(url) })
    })
  },
  { name: 'route-table' }
)
