import type { FastifyRequest } from 'fastify'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { changePassword, changeProfile } from './changing.ts'
import { Profile, passwordChangeSchema } from './schema.ts'
import { accountOf } from './store.ts'

export async function accountSettings(app: App) {
  const PasswordChange = passwordChangeSchema(app.config.passwordMinLength)

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

  async function password({ user }: FastifyRequest): Promise<[string, object]> {
    const { password_hash } = await accountOf(user, app.db)
    return ['accounts/password', { rules: PasswordChange.properties, hasPassword: password_hash !== null }]
  }

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
