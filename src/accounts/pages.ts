import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { LinkGone } from '../errors.ts'
import { anyone } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { NextQuery } from '../sessions/schema.ts'
import { nextPath } from './next-path.ts'
import { confirm, refuseDeadLink } from './pending.ts'
import { signUpSchema } from './schema.ts'
import { afterSignUp, signUp, welcome } from './sign-up.ts'

const token = Type.String({ maxLength: 100 })
const Letter = Type.Object({ token: Type.Optional(token), next: Type.Optional(Type.String()) })
const Confirmation = Type.Object({ token, next: Type.Optional(Type.String()) })

export async function accountPages(app: App) {
  const SignUp = signUpSchema(app.config.passwordMinLength)

  async function form(request: FastifyRequest): Promise<[string, object]> {
    const { next } = { ...(request.query as object), ...(request.body as object) } as { next?: string }
    const uninvited = app.config.signup === 'invite' && !request.keptCookie('invite_code')
    return ['accounts/register', { rules: SignUp.properties, next: nextPath(next), uninvited }]
  }

  app.get('/register', { onRequest: anyone, schema: { querystring: NextQuery } }, async (request, reply) => {
    if (request.viewer) return reply.goTo(nextPath(request.query.next) ?? '/')
    return reply.page(...(await form(request)))
  })

  app.post('/register', { onRequest: anyone, schema: { body: SignUp }, config: { form } }, async (request, reply) => {
    if (request.viewer) return reply.goTo('/')
    const made = await signUp(app, request, reply, request.body)
    if (!made) return reply.page('accounts/check-email')
    return reply.goTo(afterSignUp(app, request, request.body.next))
  })

  app.get('/verify-email', { onRequest: anyone, schema: { querystring: Letter } }, async (request, reply) => {
    const { token, next } = request.query
    if (!token) throw new LinkGone()
    await refuseDeadLink(token, app.db, app.now())
    return reply.page('accounts/verify-email', { token, next: nextPath(next) })
  })

  app.post('/verify-email', { onRequest: anyone, schema: { body: Confirmation } }, async (request, reply) => {
    const { token, next } = request.body
    await welcome(app, request, reply, (tx) => confirm(tx, token, app.now()))
    return reply.goTo(afterSignUp(app, request, next))
  })
}
