import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { findById, findByToken, noteUse, useIsNoted, type Viewer } from '../sessions/store.ts'
import { isApi } from './api.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever is signed in, if anybody is. A handler that needs somebody asks for `user` instead. */
    viewer: Viewer | undefined
    credential: 'cookie' | 'bearer' | 'unknown' | undefined
    /** For an answer that takes long: whether whoever asked is still signed in. */
    authenticateAgain(): Promise<void>
  }
}

/** Of two credentials a proxy in front may have judged the other one. */
function shownTwice({ raw }: FastifyRequest): boolean {
  return raw.rawHeaders.filter((text, at) => at % 2 === 0 && /^authorization$/i.test(text)).length > 1
}

/**
 * The one place where a credential becomes a person; a request that shows a bearer token is judged by that alone, as is
 * any Authorization to the API. Before a page it may be the password of a proxy, which is none of our business.
 */
async function authenticate(app: FastifyInstance, request: FastifyRequest): Promise<Viewer | undefined> {
  const { authorization = '' } = request.headers
  const bearer = /^bearer\b/i.test(authorization)
  if (bearer || (authorization && isApi(request))) {
    request.credential = bearer ? 'bearer' : 'unknown'
    const claims = bearer && !shownTwice(request) && app.tokens.read(authorization.slice('bearer'.length).trim())
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
    app.decorateRequest('authenticateAgain', async function (this: FastifyRequest) {
      this.viewer = await authenticate(app, this)
    })

    app.addHook('onRequest', async (request) => {
      if (request.routeOptions.config.impersonal) return
      const viewer = await authenticate(app, request)
      request.viewer = viewer
      if (!viewer && request.credential && request.credential !== 'cookie') await request.audit('credential.refused')
      if (!viewer || useIsNoted(viewer, app.now())) return
      await noteUse(app.db, viewer, app.now()).catch((error) => request.log.warn(error, 'last use not noted'))
    })
  },
  { name: 'session', dependencies: ['cookies', 'audit'] }
)
