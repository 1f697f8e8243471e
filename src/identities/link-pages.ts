import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { howYouSignIn } from '../accounts/settings.ts'
import type { Db } from '../database/tables.ts'
import { LinkGone, ProviderRefused } from '../errors.ts'
import { anyone, requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { typedPassword } from '../sessions/schema.ts'
import { afterSignIn, prove, signIn } from '../sessions/sign-in.ts'
import { Id } from '../shapes.ts'
import { linking } from './arriving.ts'
import type { Provider } from './provider.ts'
import { identitiesOf } from './store.ts'
import { findUnlinked, takeUnlinked } from './unlinked.ts'

const Password = Type.Object({ password: typedPassword })
const InIdentity = Type.Object({ identityId: Id })

/** For who came back with the email of an account, and for whoever wants a way in closed. */
export async function linkPages(app: App) {
  async function waiting(request: FastifyRequest) {
    const token = request.keptCookie('unlinked_identity')
    const who = token && (await findUnlinked(token, app.db, app.now()))
    const provider = who && app.config.providers.find(({ issuer }) => issuer === who.issuer)
    return token && who && provider ? { token, who, provider } : undefined
  }

  function shown({
    who,
    provider
  }: {
    who: { email: string; password_hash: string | null }
    provider: Provider
  }): [string, object] {
    const hasPassword = who.password_hash !== null
    return ['identities/link', { rules: Password.properties, email: who.email, provider, hasPassword }]
  }

  async function form(request: FastifyRequest) {
    const here = await waiting(request)
    if (!here) throw new LinkGone()
    return shown(here)
  }

  app.get('/login/link', { onRequest: anyone }, async (request, reply) => {
    const here = await waiting(request)
    return here ? reply.page(...shown(here)) : reply.goTo('/login')
  })

  app.post(
    '/login/link',
    { onRequest: anyone, schema: { body: Password }, config: { form } },
    async (request, reply) => {
      const here = await waiting(request)
      if (!here) return reply.goTo('/login')
      const { token, who, provider } = here
      const proven = await prove(app, request, who.email, request.body.password)
      const joined = async (tx: Db) => {
        const account = await proven(tx)
        if (account.id !== who.account_id || !(await takeUnlinked(tx, token, app.now()))) throw new ProviderRefused()
        await linking(tx, app, request, who, account, provider)
        return account
      }
      await signIn(app, request, reply, joined, true)
      return reply.dropCookie('unlinked_identity').goTo(afterSignIn(request, who.next), 'identity-linked')
    }
  )

  app.post(
    '/settings/identities/:identityId/unlink',
    {
      onRequest: requireUser,
      schema: { params: InIdentity },
      config: { form: (request) => howYouSignIn(app, request) }
    },
    async (request, reply) => {
      const issuers = app.config.providers.map(({ issuer }) => issuer)
      const { issuer } = await identitiesOf(request.user, app.db).unlink(request.params.identityId, issuers, app.now())
      const provider = app.config.providers.find((one) => one.issuer === issuer)?.id
      await request.audit('identity.unlinked', { detail: { provider } })
      return reply.goTo('/settings/password', 'identity-unlinked')
    }
  )
}
