import type { FastifyError } from 'fastify'
import { Refusal } from '../errors.ts'
import { requireSession } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { complaints } from '../plugins/validation.ts'
import { Page } from '../shapes.ts'
import { registering } from './registering.ts'
import { InInstance, InstanceChange, NewInstance } from './schema.ts'
import { instancesOf } from './store.ts'

const notRegistered = 'Failed to register upload instance'

export async function instanceApi(app: App) {
  const inInstance = { onRequest: requireSession, schema: { params: InInstance } }

  app.get('/api/v1/instances', { onRequest: requireSession, schema: { querystring: Page } }, ({ user, query }) =>
    instancesOf(user, app.db).list(query)
  )

  app.post(
    '/api/v1/instances',
    {
      onRequest: requireSession,
      schema: { body: NewInstance },
      /** Programs that register know this one failure by these words, and by a code that is a number. */
      errorHandler(error: FastifyError, _request, reply) {
        const refusal = error.validation ? complaints(error.validation as never) : error
        if (!(refusal instanceof Refusal) || refusal.statusCode !== 400) throw error
        const { fields, message: reason } = refusal
        return reply
          .code(400)
          .send({ statusCode: 400, code: 400, error: notRegistered, message: notRegistered, reason, fields })
      }
    },
    async (request, reply) => {
      const made = await registering(app, request, request.body)
      return reply.code(201).header('location', `/api/v1/instances/${made.instance_id}`).send(made)
    }
  )

  app.get('/api/v1/instances/:instanceId', inInstance, ({ user, params }) =>
    instancesOf(user, app.db).open(params.instanceId)
  )

  app.patch(
    '/api/v1/instances/:instanceId',
    { onRequest: requireSession, schema: { params: InInstance, body: InstanceChange } },
    async (request) => {
      const { user, params, body } = request
      const changed = await instancesOf(user, app.db).alter(params.instanceId, body, app.now())
      await request.audit('instance.changed', { subject: params.instanceId })
      return changed
    }
  )

  app.post('/api/v1/instances/:instanceId/rotate', inInstance, async (request) => {
    const { user, params } = request
    const instance_password = await instancesOf(user, app.db).rotate(params.instanceId, app.instancePasswords)
    await request.audit('instance.changed', { subject: params.instanceId, detail: { rotated: true } })
    return { instance_id: params.instanceId, instance_password }
  })

  app.delete('/api/v1/instances/:instanceId', inInstance, async (request, reply) => {
    await instancesOf(request.user, app.db).remove(request.params.instanceId)
    await request.audit('instance.deleted', { subject: request.params.instanceId })
    return reply.code(204).send()
  })
}
