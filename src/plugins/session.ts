import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { findByKey } from '../api-keys/store.ts'
import { findByPassword } from '../instances/store.ts'
import { type Credential, credentialOf } from '../sessions/credential.ts'
import { noteProgramUse, programUseIsNoted } from '../sessions/program-use.ts'
import { findById, findByToken, noteUse, useIsNoted } from '../sessions/store.ts'
import type { Viewer } from '../viewer.ts'
import { addressOf } from './address.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever asks, if they have shown who they are. A handler that needs somebody asks for `user` instead. */
    viewer: Viewer | undefined
    credential: Credential['kind'] | undefined
    /** For an answer that takes long: whether whoever asked still may. */
    authenticateAgain(): Promise<void>
  }
}

const betterInHeader =
  '299 carrel "Send the key as a header, X-API-Key or Authorization: Bearer. Addresses are written down in many places."'

export default fp(
  async (app: FastifyInstance) => {
    /** The one place where a credential becomes a person, or a program of theirs. */
    async function authenticate(credential: Credential): Promise<Viewer | undefined> {
      const { db } = app
      const now = app.now()
      if (credential.kind === 'cookie') return findByToken(db, credential.token, now)
      if (credential.kind === 'key') return findByKey(db, credential.key, now)
      if (credential.kind === 'instance') return findByPassword(db, credential, app.instancePasswords)
      const claims = credential.kind === 'bearer' && app.tokens.read(credential.token)
      return claims ? findById(db, claims.session, claims.account, now) : undefined
    }

    /** Its last use is noted once in a while, for a page view should not cost a write. */
    async function note(request: FastifyRequest, viewer: Viewer) {
      const now = app.now()
      if (viewer.session_id !== null) {
        if (!useIsNoted(viewer, now)) await noteUse(app.db, viewer, now)
      } else if (!programUseIsNoted(viewer, now)) {
        await noteProgramUse(app.db, viewer, addressOf(request), now)
      }
    }

    app.decorateRequest('viewer', undefined)
    app.decorateRequest('credential', undefined)
    app.decorateRequest('authenticateAgain', async function (this: FastifyRequest) {
      const credential = credentialOf(this)
      this.viewer = credential && (await authenticate(credential))
    })

    app.addHook('onRequest', async (request, reply) => {
      if (request.routeOptions.config.impersonal) return
      const credential = credentialOf(request)
      if (!credential) return
      const { kind } = credential
      request.credential = kind
      const viewer = await authenticate(credential)
      request.viewer = viewer
      if (kind === 'key' && credential.inAddress) reply.header('warning', betterInHeader)
      if (!viewer && kind !== 'cookie') await request.audit('credential.refused', { detail: { kind } })
      if (viewer) await note(request, viewer).catch((error) => request.log.warn(error, 'last use not noted'))
    })
  },
  { name: 'session', dependencies: ['cookies', 'audit'] }
)
