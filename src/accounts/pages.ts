import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { EmailTaken, Invalid, LinkGone } from '../errors.ts'
import { anyone } from '../plugins/access.ts'
import { networkOf } from '../plugins/address.ts'
import type { App } from '../plugins/app-type.ts'
import { fieldsOf } from '../plugins/forms.ts'
import { NextQuery, typedPassword } from '../sessions/schema.ts'
import { nextPath } from './next-path.ts'
import { findPending, proveChosen, takePending } from './pending.ts'
import { signUpSchema } from './schema.ts'
import { afterSignUp, join, refuseTrapped, signUp, welcome } from './sign-up.ts'

const token = Type.String({ maxLength: 100 })
const Letter = Type.Object({ token: Type.Optional(token), next: Type.Optional(Type.Unknown()) })
const Confirmation = Type.Object({ token, password: typedPassword, next: Type.Optional(Type.Unknown()) })

export async function accountPages(app: App) {
  const SignUp = signUpSchema(app.config.passwordMinLength)

  async function form(request: FastifyRequest): Promise<[string, object]> {
    const { next } = fieldsOf(request)
    const uninvited = app.config.signup === 'invite' && !request.keptCookie('invite_code')
    return ['accounts/register', { rules: SignUp.properties, next: nextPath(next), uninvited }]
  }

  app.get('/register', { onRequest: anyone, schema: { querystring: NextQuery } }, async (request, reply) => {
    if (request.viewer) return reply.goTo(nextPath(request.query.next) ?? '/')
    return reply.page(...(await form(request)))
  })

  app.post(
    '/register',
    { onRequest: anyone, preValidation: refuseTrapped, schema: { body: SignUp }, config: { form } },
    async (request, reply) => {
      if (request.viewer) return reply.goTo('/')
      const made = await signUp(app, request, reply, request.body)
      if (!made) return reply.page('accounts/check-email')
      return reply.goTo(afterSignUp(app, request, request.body.next))
    }
  )

  async function confirmForm(request: FastifyRequest): Promise<[string, object]> {
    const { token, next } = fieldsOf(request)
    if (typeof token !== 'string') throw new LinkGone()
    const { email } = await findPending(token, app.db, app.now())
    return ['accounts/verify-email', { rules: Confirmation.properties, token, email, next: nextPath(next) }]
  }

  async function writingDownDeadLinks<Result>(request: FastifyRequest, work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } catch (error) {
      if (error instanceof LinkGone || error instanceof Invalid) await request.audit('link.refused')
      throw error
    }
  }

  app.get('/verify-email', { onRequest: anyone, schema: { querystring: Letter } }, async (request, reply) =>
    reply.page(...(await writingDownDeadLinks(request, confirmForm(request))))
  )

  app.post(
    '/verify-email',
    { onRequest: anyone, schema: { body: Confirmation }, config: { form: confirmForm } },
    async (request, reply) => {
      const { token, password, next } = request.body
      await writingDownDeadLinks(request, proveChosen(app, token, password, networkOf(request)))
      await welcome(app, request, reply, async (tx) => join(tx, app, await takePending(tx, token, app.now()))).catch(
        (error) => {
          throw error instanceof EmailTaken ? new LinkGone() : error
        }
      )
      return reply.goTo(afterSignUp(app, request, next))
    }
  )
}
