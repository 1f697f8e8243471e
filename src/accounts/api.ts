import { anyone, requireScope, requireSession } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import type { Scope } from '../scopes.ts'
import type { Viewer } from '../viewer.ts'
import { changePassword, changeProfile } from './changing.ts'
import { ProfileChange, passwordChangeSchema, signUpSchema } from './schema.ts'
import { refuseTrapped, signUp } from './sign-up.ts'
import { type FullProfile, profileOf } from './store.ts'

/** What of somebody's profile a program may see: their address and the rest are two things. */
function allowedOf({ id, email, ...profile }: FullProfile, user: Viewer) {
  if (user.session_id !== null) return { id, email, ...profile }
  const may = (scope: Scope) => user.scopes.includes(scope)
  return { id, ...(may('email') && { email }), ...(may('profile') && profile) }
}

export async function accountApi(app: App) {
  const body = signUpSchema(app.config.passwordMinLength)

  app.post(
    '/api/auth/signup',
    { onRequest: anyone, preValidation: refuseTrapped, schema: { body } },
    async (request, reply) => {
      const made = await signUp(app, request, reply, request.body)
      if (!made) return { success: true, message: 'Check your email.' }
      const { role: _, created_at: __, ...user } = await profileOf(made.account, app.db)
      return { success: true, user, token: app.tokens.sign(made.account, made.session) }
    }
  )

  app.get('/api/v1/auth/me', { onRequest: requireScope('profile', 'email') }, async ({ user }) =>
    allowedOf(await profileOf(user, app.db), user)
  )

  app.patch('/api/v1/auth/me', { onRequest: requireSession, schema: { body: ProfileChange } }, async (request) => {
    await changeProfile(app, request, request.body)
    return profileOf(request.user, app.db)
  })

  app.patch(
    '/api/v1/auth/password',
    { onRequest: requireSession, schema: { body: passwordChangeSchema(app.config.passwordMinLength) } },
    async (request, reply) => {
      await changePassword(app, request, request.body)
      return reply.code(204).send()
    }
  )

  app.get('/api/v1/username', { onRequest: requireScope('profile') }, async ({ user }) => ({ username: user.username }))
}
