import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { findById, findByToken, noteUse, useIsNoted, type Viewer } from '../sessions/store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever is signed in, if anybody is. A handler that needs somebody asks for `user` instead. */
    viewer: Viewer | undefined
    credential: 'cookie' | 'bearer' | undefined
  }
}

/** The one place where a credential becomes a person; a request that shows a bearer token is judged by that alone. */
async function authenticate(app: FastifyInstance, request: FastifyRequest): Promise<Viewer | undefined> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    request.credential = 'bearer'
    const claims = /^bearer /i.test(authorization) && app.tokens.read(authorization.slice(7).trim())
    return claims ? findById(app.db, claims.session, claims.account, app.now()) : undefined
  }
  const cookie = request.keptCookie('session_id')
  if (!cookie) return undefined
  request.credential = 'cookie'
  return findByToken(app.db, cookie, app.now())
}

export default fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('viewer', undefined)
    app.decorateRequest('credential', undefined)

    app.addHook('onRequest', async (request) => {
      const viewer = await authenticate(app, request)
      request.viewer = viewer
      if (!viewer && request.credential === 'bearer') await request.audit('credential.refused')
      if (!viewer || useIsNoted(viewer, app.now())) return
      await noteUse(app.db, viewer, app.now()).catch((error) => request.log.warn(error, 'last use not noted'))
    })
  },
  { name: 'session', dependencies: ['cookies', 'audit'] }
)
