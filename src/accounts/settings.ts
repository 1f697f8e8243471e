import type { FastifyRequest } from 'fastify'
import { identitiesOf } from '../identities/store.ts'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { changePassword, changeProfile } from './changing.ts'
import { Profile, passwordChangeSchema } from './schema.ts'
import { accountOf } from './store.ts'

/** The page of every way in: the password, and the sign-ins elsewhere that are linked or could be. */
export async function howYouSignIn(app: App, { user }: FastifyRequest): Promise<[string, object]> {
  const { passwordMinLength, providers } = app.config
  const { password_hash } = await accountOf(user, app.db)
  const identities = await identitiesOf(user, app.db).list()
  const linked = identities.map((identity) => ({
    ...identity,
    name: providers.find(({ issuer }) => issuer === identity.issuer)?.name ?? identity.issuer
  }))
  const unlinked = providers.filter((provider) => identities.every(({ issuer }) => issuer !== provider.issuer))
  const rules = passwordChangeSchema(passwordMinLength).properties
  return ['accounts/password', { rules, hasPassword: password_hash !== null, linked, unlinked }]
}

export async function accountSettings(app: App) {
  async function profile({ user }: FastifyRequest): Promise<[string, object]> {
    return ['accounts/profile', { rules: Profile.properties, set: user }]
  }

  app.get('/settings/profile', { onRequest: requireUser }, async (request, reply) =>
    reply.page(...(await profile(request)))
  )

  app.post(
    '/settings/profile',
    { onRequest: requireUser, schema: { body: Profile }, config: { form: profile } },
    async (request, reply) => {
      await changeProfile(app, request, request.body)
      return reply.goTo('/settings/profile', 'profile-changed')
    }
  )

  const password = (request: FastifyRequest) => howYouSignIn(app, request)
  const PasswordChange = passwordChangeSchema(app.config.passwordMinLength)

  app.get('/settings/password', { onRequest: requireUser }, async (request, reply) =>
    reply.page(...(await password(request)))
  )

  app.post(
    '/settings/password',
    { onRequest: requireUser, schema: { body: PasswordChange }, config: { form: password } },
    async (request, reply) => {
      await changePassword(app, request, request.body)
      return reply.goTo('/settings/password', 'password-changed')
    }
  )
}
