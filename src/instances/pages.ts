import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { siteOf } from '../plugins/site.ts'
import { Page } from '../shapes.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { registering } from './registering.ts'
import { InInstance, InstanceForm, type InstanceTags } from './schema.ts'
import { instancesOf } from './store.ts'

const here = '/settings/instances'
const mostOffered = 200
const shownFor = 120
const About = Type.Omit(InstanceForm, ['workspace_id'])

/** What is typed in two fields and a box, as a program would send it. */
const tagsIn = ({ model_name = '', is_cot, document_count = '0' }: Static<typeof About>): InstanceTags => ({
  model_name,
  is_cot: is_cot !== undefined,
  document_count: Number(document_count)
})

export async function instancePages(app: App) {
  const inInstance = { onRequest: requireUser, schema: { params: InInstance } }
  const idIn = ({ params }: FastifyRequest) => (params as { instanceId: string }).instanceId
  const at = (id: string) => `${here}/${id}`

  async function list({ user, method, query }: FastifyRequest): Promise<[string, object]> {
    const { cursor } = (method === 'GET' ? query : {}) as { cursor?: string }
    const instances = await instancesOf(user, app.db).list({ limit: 20, ...(cursor && { cursor }) })
    const { items } = await workspacesOf(user, app.db).list({ limit: mostOffered })
    const workspaces = items.filter(({ role }) => role !== 'viewer')
    return ['instances/list', { rules: InstanceForm.properties, instances, workspaces }]
  }

  async function one(request: FastifyRequest): Promise<[string, object]> {
    const instance = await instancesOf(request.user, app.db).open(idIn(request))
    return ['instances/show', { rules: InstanceForm.properties, instance }]
  }

  app.get(here, { onRequest: requireUser, schema: { querystring: Page } }, async (request, reply) =>
    reply.page(...(await list(request)))
  )

  app.post(
    here,
    { onRequest: requireUser, schema: { body: InstanceForm }, config: { form: list } },
    async (request, reply) => {
      const { upload_name, email, description, workspace_id } = request.body
      const tags = tagsIn(request.body)
      const made = await registering(app, request, { upload_name, email, description, workspace_id, tags })
      return reply.keepCookie('new_secret', made.instance_password, shownFor).goTo(at(made.instance_id))
    }
  )

  app.get(at(':instanceId'), inInstance, async (request, reply) => {
    const password = request.keptCookie('new_secret')
    if (password) reply.dropCookie('new_secret')
    const [view, data] = await one(request)
    return reply.page(view, { ...data, password, site: siteOf(app, request) })
  })

  app.post(
    at(':instanceId'),
    { onRequest: requireUser, schema: { params: InInstance, body: About }, config: { form: one } },
    async (request, reply) => {
      const { upload_name, email = null, description = '' } = request.body
      const change = { upload_name, email, description, tags: tagsIn(request.body) }
      await instancesOf(request.user, app.db).alter(idIn(request), change, app.now())
      await request.audit('instance.changed', { subject: idIn(request) })
      return reply.goTo(at(idIn(request)), 'instance-changed')
    }
  )

  app.post(`${at(':instanceId')}/rotate`, inInstance, async (request, reply) => {
    const password = await instancesOf(request.user, app.db).rotate(idIn(request), app.instancePasswords)
    await request.audit('instance.changed', { subject: idIn(request), detail: { rotated: true } })
    return reply.keepCookie('new_secret', password, shownFor).goTo(at(idIn(request)))
  })

  for (const [act, disabled, notice] of [
    ['disable', true, 'instance-disabled'],
    ['enable', false, 'instance-enabled']
  ] as const) {
    app.post(`${at(':instanceId')}/${act}`, inInstance, async (request, reply) => {
      await instancesOf(request.user, app.db).alter(idIn(request), { disabled }, app.now())
      await request.audit('instance.changed', { subject: idIn(request), detail: { disabled } })
      return reply.goTo(at(idIn(request)), notice)
    })
  }

  app.post(`${at(':instanceId')}/delete`, inInstance, async (request, reply) => {
    await instancesOf(request.user, app.db).remove(idIn(request))
    await request.audit('instance.deleted', { subject: idIn(request) })
    return reply.goTo(here, 'instance-deleted')
  })
}
