import type { FastifyRequest } from 'fastify'
import { nextPath } from '../accounts/next-path.ts'
import { anyone, requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { fieldsOf } from '../plugins/forms.ts'
import { Page } from '../shapes.ts'
import { deviceOf } from './device.ts'
import { InSession, NextQuery, SignInForm } from './schema.ts'
import { afterSignIn, prove, signIn } from './sign-in.ts'
import { endSession, sessionsOf } from './store.ts'

/** What a ticked box may send. */
const ticked = new Set<unknown>(['on', 'true', 'yes', '1'])
const forgetThisBrowser = '"cache", "prefetchCache", "prerenderCache", "storage"'

export async function sessionPages(app: App) {
  async function form(request: FastifyRequest): Promise<[string, object]> {
    const { next } = fieldsOf(request)
    return ['sessions/login', { rules: SignInForm.properties, next: nextPath(next) }]
  }

  app.get('/login', { onRequest: anyone, schema: { querystring: NextQuery } }, async (request, reply) => {
    if (request.viewer) return reply.goTo(nextPath(request.query.next) ?? '/')
    return reply.page(...(await form(request)))
  })

  app.post('/login', { onRequest: anyone, schema: { body: SignInForm }, config: { form } }, async (request, reply) => {
    const { email, password, remember, next } = request.body
    const proven = await prove(app, request, email, password)
    await signIn(app, request, reply, proven, ticked.has(remember))
    return reply.goTo(afterSignIn(request, next))
  })

  app.post('/logout', { onRequest: anyone }, async (request, reply) => {
    const { viewer } = request
    if (viewer?.session_id) {
      await endSession(app.db, viewer.session_id)
      await request.audit('session.ended', { subject: viewer.session_id })
    }
    // The browser stays known to its owner's account, so "cookies" is not among what is cleared.
    reply
      .header('clear-site-data', forgetThisBrowser)
      .dropCookie('session_id')
      .dropCookie('new_invite')
      .dropCookie('new_secret')
    return reply.goTo('/login', 'signed-out')
  })

  app.get('/settings/sessions', { onRequest: requireUser, schema: { querystring: Page } }, async (request, reply) => {
    const { items, next_cursor } = await sessionsOf(request.user, app.db).list(request.query, app.now())
    const described = items.map((session) => ({ ...session, device: deviceOf(session.user_agent) }))
    return reply.page('sessions/list', { sessions: { items: described, next_cursor } })
  })

  app.post(
    '/settings/sessions/:sessionId/end',
    { onRequest: requireUser, schema: { params: InSession } },
    async (request, reply) => {
      await sessionsOf(request.user, app.db).end(request.params.sessionId)
      await request.audit('session.ended', { subject: request.params.sessionId })
      return reply.goTo('/settings/sessions', 'session-ended')
    }
  )

  app.post('/settings/sessions/end-others', { onRequest: requireUser }, async (request, reply) => {
    await sessionsOf(request.user, app.db).endOthers(request.signedIn.session_id)
    await request.audit('session.ended', { detail: { others: true } })
    return reply.goTo('/settings/sessions', 'sessions-ended')
  })
}
