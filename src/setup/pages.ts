import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { signUpSchema } from '../accounts/schema.ts'
import { refuseUnsuitable, welcome } from '../accounts/sign-up.ts'
import { LinkGone } from '../errors.ts'
import { anyone } from '../plugins/access.ts'
import { networkOf } from '../plugins/address.ts'
import type { App } from '../plugins/app-type.ts'
import { fieldsOf } from '../plugins/forms.ts'
import { refuseDeadSetup, setUp } from './store.ts'

const Token = Type.Object({ token: Type.Optional(Type.String({ maxLength: 100 })) })

export async function setupPages(app: App) {
  const rules = signUpSchema(app.config.passwordMinLength).properties
  const { firstName, lastName, email, username, password } = rules
  const token = Type.String({ maxLength: 100 })
  const Administrator = Type.Object({ firstName, lastName, email, username, password, token })

  async function form(request: FastifyRequest): Promise<[string, object]> {
    const { token } = fieldsOf(request)
    return ['setup/setup', { rules, token: typeof token === 'string' ? token : '' }]
  }

  async function refuseWithout(token: string | undefined, request: FastifyRequest) {
    try {
      if (!token) throw new LinkGone()
      await refuseDeadSetup(token, app.db, app.now())
    } catch (error) {
      if (error instanceof LinkGone) await request.audit('setup.link_refused')
      throw error
    }
  }

  app.get('/setup', { onRequest: anyone, schema: { querystring: Token } }, async (request, reply) => {
    await refuseWithout(request.query.token, request)
    return reply.page(...(await form(request)))
  })

  app.post(
    '/setup',
    { onRequest: anyone, schema: { body: Administrator }, config: { form } },
    async (request, reply) => {
      const { token, firstName, lastName, email, username, password } = request.body
      const person = { firstName, lastName, email, username, password }
      await refuseWithout(token, request)
      refuseUnsuitable(person, app.config.passwordMinLength)
      const passwordHash = await app.hashing.hash(person.password, networkOf(request))
      await welcome(app, request, reply, (tx) => setUp(tx, token, { ...person, passwordHash }, app.now()))
      return reply.goTo(app.config.afterSignupPath)
    }
  )
}
