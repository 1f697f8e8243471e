import { Invalid } from '../errors.ts'
import { anyone, requireSession } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { listOf, nothing, refused } from '../told.ts'
import type { SignedIn } from '../viewer.ts'
import { deviceOf } from './device.ts'
import { renew } from './refresh-tokens.ts'
import { InSession, RefreshJson, Session, SignInJson, Token } from './schema.ts'
import { openSession, prove } from './sign-in.ts'
import { endSession, sessionsOf } from './store.ts'

function told<One extends { id: string; user_agent: string }>({ user_agent, ...session }: One, user: SignedIn) {
  return { ...session, device: deviceOf(user_agent), current: session.id === user.session_id }
}

type Opened = Awaited<ReturnType<typeof renew> | ReturnType<typeof openSession>>

function granted(app: App, { account, session, refreshToken }: Opened) {
  return {
    access_token: app.tokens.sign(account, session),
    token_type: 'bearer' as const,
    expires_in: Math.round((Date.parse(session.expiresAt) - app.now().getTime()) / 1000),
    refresh_token: refreshToken
  }
}

export async function sessionApi(app: App) {
  app.post(
    '/api/v1/auth/login',
    {
      onRequest: anyone,
      schema: {
        summary: 'Sign in for a token',
        description: 'The token stands on a session of its own, and is dead as soon as that is ended.',
        body: SignInJson,
        response: { 200: Token, 401: refused('There is no such account, or this is not its password.') }
      }
    },
    async (request) => {
      const { email, username, password, remember } = request.body
      const login = email || username
      if (!login) throw new Invalid({ fields: { email: 'Enter your email or username.' } })
      const proven = await prove(app, request, login, password)
      return granted(app, await openSession(app, request, proven, { remember }))
    }
  )

  app.post(
    '/api/v1/auth/refresh',
    {
      onRequest: anyone,
      schema: {
        summary: 'Renew your token',
        description:
          'Another week, up to 30 days from the sign-in. Each refresh token works once; one that is shown again ends its session.',
        body: RefreshJson,
        response: { 200: Token, 401: refused('It is unknown, was used before, or its session has ended.') }
      }
    },
    async (request) => granted(app, await renew(app, request, request.body.refresh_token))
  )

  app.post(
    '/api/v1/auth/logout',
    {
      onRequest: requireSession,
      schema: { summary: 'Sign out', response: { 204: nothing('The session, and every token on it, has ended.') } }
    },
    async (request, reply) => {
      const { session_id } = request.signedIn
      await endSession(app.db, session_id)
      await request.audit('session.ended', { subject: session_id })
      if (request.credential === 'cookie') reply.dropCookie('session_id')
      return reply.code(204).send()
    }
  )

  app.get(
    '/api/v1/sessions',
    {
      onRequest: requireSession,
      schema: { summary: 'List where you are signed in', querystring: Page, response: { 200: listOf(Session) } }
    },
    async ({ signedIn: user, query }) => {
      const { items, next_cursor } = await sessionsOf(user, app.db).list(query, app.now())
      return { items: items.map((session) => told(session, user)), next_cursor }
    }
  )

  app.get(
    '/api/v1/sessions/:sessionId',
    {
      onRequest: requireSession,
      schema: { summary: 'Read a session', params: InSession, response: { 200: Session } }
    },
    async (request) => {
      const { signedIn: user, params } = request
      return told(await sessionsOf(user, app.db).open(params.sessionId, app.now()), user)
    }
  )

  app.delete(
    '/api/v1/sessions/:sessionId',
    {
      onRequest: requireSession,
      schema: { summary: 'End a session', params: InSession, response: { 204: nothing('The session has ended.') } }
    },
    async (request, reply) => {
      await sessionsOf(request.user, app.db).end(request.params.sessionId)
      await request.audit('session.ended', { subject: request.params.sessionId })
      return reply.code(204).send()
    }
  )
}
