import { anyone, requireScope, requireSession } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import type { Scope } from '../scopes.ts'
import { nothing, refused } from '../told.ts'
import type { Viewer } from '../viewer.ts'
import { changePassword, changeProfile } from './changing.ts'
import { Account, OwnUsername, ProfileChange, passwordChangeSchema, SignedUp, signUpSchema } from './schema.ts'
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
    {
      onRequest: anyone,
      preValidation: refuseTrapped,
      schema: {
        summary: 'Sign up',
        description:
          'Makes an account with a room of its own and signs it in: a cookie for a browser, a token for a program.',
        body,
        response: {
          200: SignedUp,
          403: refused('New accounts are not open here, or need an invite.'),
          409: refused('This email address has an account already (REG_001).')
        }
      }
    },
    async (request, reply) => {
      const made = await signUp(app, request, reply, request.body)
      if (!made) return { success: true, message: 'Check your email.' }
      const { role: _, created_at: __, ...user } = await profileOf(made.account, app.db)
      return { success: true, user, token: app.tokens.sign(made.account, made.session) }
    }
  )

  app.get(
    '/api/v1/auth/me',
    {
      onRequest: requireScope('profile', 'email'),
      schema: {
        summary: 'Read your account',
        description:
          'The scope email shows the address, the scope profile the rest. A signed-in person sees all of it.',
        response: { 200: Account }
      }
    },
    async ({ user }) => allowedOf(await profileOf(user, app.db), user)
  )

  app.patch(
    '/api/v1/auth/me',
    {
      onRequest: requireSession,
      schema: {
        summary: 'Change your names or your username',
        body: ProfileChange,
        response: { 200: Account, 400: refused('One of them is not what it should be, or the username is taken.') }
      }
    },
    async (request) => {
      await changeProfile(app, request, request.body)
      return profileOf(request.user, app.db)
    }
  )

  app.patch(
    '/api/v1/auth/password',
    {
      onRequest: requireSession,
      schema: {
        summary: 'Change your password',
        description: 'Ends every other session of yours, and every token and refresh token on them. Keys stay.',
        body: passwordChangeSchema(app.config.passwordMinLength),
        response: { 204: nothing('It is changed.') }
      }
    },
    async (request, reply) => {
      await changePassword(app, request, request.body)
      return reply.code(204).send()
    }
  )

  app.get(
    '/api/v1/username',
    {
      onRequest: requireScope('profile'),
      schema: { summary: 'Read your username', response: { 200: OwnUsername } }
    },
    async ({ user }) => ({ username: user.username })
  )
}
