import type { FastifyError } from 'fastify'
import { requireSession } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { refusalOf } from '../plugins/error-pages.ts'
import { Page } from '../shapes.ts'
import { listOf, nothing, refused } from '../told.ts'
import { registering } from './registering.ts'
import { InInstance, Instance, InstanceChange, InstancePassword, NewInstance, NotRegistered } from './schema.ts'
import { instancesOf } from './store.ts'

const notRegistered = 'Failed to register upload instance'

export async function instanceApi(app: App) {
  app.get(
    '/api/v1/instances',
    {
      onRequest: requireSession,
      schema: { summary: 'List the programs you registered', querystring: Page, response: { 200: listOf(Instance) } }
    },
    ({ user, query }) => instancesOf(user, app.db).list(query)
  )

  app.post(
    '/api/v1/instances',
    {
      onRequest: requireSession,
      schema: {
        summary: 'Register a program for a workspace',
        description: 'It may read and write in that one workspace, in your name, with its id and password.',
        body: NewInstance,
        response: {
          201: InstancePassword,
          400: NotRegistered,
          409: refused('You have as many programs as you may have.')
        }
      },
      /** Programs that register know this one failure by these words, and by a code that is a number. */
      errorHandler(error: FastifyError, _request, reply) {
        const refusal = refusalOf(error)
        if (refusal?.statusCode !== 400) throw error
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

  app.get(
    '/api/v1/instances/:instanceId',
    {
      onRequest: requireSession,
      schema: { summary: 'Read about a registered program', params: InInstance, response: { 200: Instance } }
    },
    ({ user, params }) => instancesOf(user, app.db).open(params.instanceId)
  )

  app.patch(
    '/api/v1/instances/:instanceId',
    {
      onRequest: requireSession,
      schema: {
        summary: 'Change a registered program',
        params: InInstance,
        body: InstanceChange,
        response: { 200: Instance }
      }
    },
    async (request) => {
      const { user, params, body } = request
      const changed = await instancesOf(user, app.db).alter(params.instanceId, body, app.now())
      await request.audit('instance.changed', { subject: params.instanceId })
      return changed
    }
  )

  app.post(
    '/api/v1/instances/:instanceId/rotate',
    {
      onRequest: requireSession,
      schema: {
        summary: 'Give a registered program another password',
        description: 'The one it has ends at once.',
        params: InInstance,
        response: { 200: InstancePassword }
      }
    },
    async (request) => {
      const { user, params } = request
      const instance_password = await instancesOf(user, app.db).rotate(params.instanceId, app.instancePasswords)
      await request.audit('instance.changed', { subject: params.instanceId, detail: { rotated: true } })
      return { instance_id: params.instanceId, instance_password }
    }
  )

  app.delete(
    '/api/v1/instances/:instanceId',
    {
      onRequest: requireSession,
      schema: {
        summary: 'Delete a registered program',
        description: 'What it has added stays.',
        params: InInstance,
        response: { 204: nothing('The program is registered no longer.') }
      }
    },
    async (request, reply) => {
      await instancesOf(request.user, app.db).remove(request.params.instanceId)
      await request.audit('instance.deleted', { subject: request.params.instanceId })
      return reply.code(204).send()
    }
  )
}
