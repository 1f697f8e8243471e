import { Invalid } from '../errors.ts'
import { anyone, requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { deviceOf } from './device.ts'
import { renew } from './refresh-tokens.ts'
import { InSession, RefreshJson, SignInJson } from './schema.ts'
import { openSession, prove } from './sign-in.ts'
import { endSession, sessionsOf, type Viewer } from './store.ts'

function told<One extends { id: string; user_agent: string }>({ user_agent, ...session }: One, user: Viewer) {
  return { ...session, device: deviceOf(user_agent), current: session.id === user.session_id }
}

type Opened = Awaited<ReturnType<typeof renew> | ReturnType<typeof openSession>>

function granted(app: App, { account, session, refreshToken }: Opened) {
  return {
    access_token: app.tokens.sign(account, session),
    token_type: 'bearer',
    expires_in: Math.round((Date.parse(session.expiresAt) - app.now().getTime()) / 1000),
    refresh_token: refreshToken
  }
}

export async function sessionApi(app: App) {
  app.post('/api/v1/auth/login', { onRequest: anyone, schema: { body: SignInJson } }, async (request) => {
    const { email, username, password, remember } = request.body
    const login = email || username
    if (!login) throw new Invalid({ fields: { email: 'Enter your email or username.' } })
    const proven = await prove(app, request, login, password)
    return granted(app, await openSession(app, request, proven, { remember }))
  })

  app.post('/api/v1/auth/refresh', { onRequest: anyone, schema: { body: RefreshJson } }, async (request) =>
    granted(app, await renew(app, request, request.body.refresh_token))
  )

  app.post('/api/v1/auth/logout', { onRequest: requireUser }, async (request, reply) => {
    await endSession(app.db, request.user.session_id)
    await request.audit('session.ended', { subject: request.user.session_id })
    if (request.credential === 'cookie') reply.dropCookie('session_id')
    return reply.code(204).send()
  })

  app.get('/api/v1/sessions', { onRequest: requireUser, schema: { querystring: Page } }, async ({ user, query }) => {
    const { items, next_cursor } = await sessionsOf(user, app.db).list(query, app.now())
    return { items: items.map((session) => told(session, user)), next_cursor }
  })

  app.get('/api/v1/sessions/:sessionId', { onRequest: requireUser, schema: { params: InSession } }, async (request) => {
    const { user, params } = request
    return told(await sessionsOf(user, app.db).open(params.sessionId, app.now()), user)
  })

  app.delete(
    '/api/v1/sessions/:sessionId',
    { onRequest: requireUser, schema: { params: InSession } },
    async (request, reply) => {
      await sessionsOf(request.user, app.db).end(request.params.sessionId)
      await request.audit('session.ended', { subject: request.params.sessionId })
      return reply.code(204).send()
    }
  )
}
