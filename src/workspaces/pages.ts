import type { FastifyRequest } from 'fastify'
import { chatsIn } from '../chats/store.ts'
import { removingWorkspace } from '../documents/removing.ts'
import { documentsIn } from '../documents/store.ts'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { offeredPrompts } from '../prompts/offered.ts'
import { Page } from '../shapes.ts'
import { tagsOf } from '../tags/store.ts'
import { tagsOn } from '../tags/tagging.ts'
import { tickOff } from '../tasks/store.ts'
import { managedMembersOf, membersOf } from './members.ts'
import { roomOf } from './room.ts'
import { InMembership, InsideQuery, InWorkspace, MemberRole, NewWorkspace } from './schema.ts'
import { changeWorkspace, workspacesOf } from './store.ts'

const rules = NewWorkspace.properties

export async function workspacePages(app: App) {
  const open = (request: FastifyRequest) =>
    workspacesOf(request.user, app.db).open((request.params as { workspaceId: string }).workspaceId)

  const newForm = async (): Promise<[string, object]> => ['workspaces/new', { rules }]
  const settingsForm = async (request: FastifyRequest): Promise<[string, object]> => [
    'workspaces/settings',
    { rules, workspace: await open(request) }
  ]

  app.get('/workspaces', { onRequest: requireUser, schema: { querystring: Page } }, async ({ user, query }, reply) => {
    return reply.page('workspaces/list', { workspaces: await workspacesOf(user, app.db).list(query) })
  })

  app.get('/workspaces/new', { onRequest: requireUser }, async (_request, reply) => reply.page(...(await newForm())))

  app.post(
    '/workspaces',
    { onRequest: requireUser, schema: { body: NewWorkspace }, config: { form: newForm } },
    async (request, reply) => {
      const { id } = await workspacesOf(request.user, app.db).create(request.body, app.now())
      await request.audit('workspace.created', { subject: id })
      return reply.goTo(`/workspaces/${id}`, 'workspace-created')
    }
  )

  app.get('/room', { onRequest: requireUser }, async ({ user }, reply) => {
    const room = await roomOf(user, app.db)
    await tickOff(app.db, user, 'welcome', app.now())
    return reply.goTo(`/workspaces/${room}`)
  })

  const inWorkspace = { onRequest: requireUser, schema: { params: InWorkspace } }

  app.get(
    '/workspaces/:workspaceId',
    { onRequest: requireUser, schema: { params: InWorkspace, querystring: InsideQuery } },
    async (request, reply) => {
      const { user, query } = request
      const workspace = await open(request)
      const { members: membersCursor, prompt, ...wanted } = query
      const tag = wanted.tag ? await tagsOf(user, app.db).open(wanted.tag) : undefined
      const listed = await documentsIn(workspace, app.db).list(wanted, user)
      const tags = await tagsOn(listed.items, user, app.db)
      const documents = { ...listed, items: listed.items.map((one) => ({ ...one, tags: tags.get(one.id) })) }
      const unread = listed.items.some(({ state }) => state !== 'ready' && state !== 'failed')
      const members = await membersOf(workspace, app.db).list({
        limit: 20,
        ...(membersCursor && { cursor: membersCursor })
      })
      const chats = await chatsIn(workspace, user, app.db).list({ limit: 10 })
      const asks = listed.items.length > 0 || tag !== undefined
      const offered = asks ? await offeredPrompts(user, workspace, prompt, app.db) : {}
      return reply.page('workspaces/show', { workspace, documents, tag, unread, members, chats, ...offered })
    }
  )

  app.get('/workspaces/:workspaceId/settings', inWorkspace, async (request, reply) => {
    return reply.page(...(await settingsForm(request)))
  })

  app.post(
    '/workspaces/:workspaceId',
    { onRequest: requireUser, schema: { params: InWorkspace, body: NewWorkspace }, config: { form: settingsForm } },
    async (request, reply) => {
      const workspace = await workspacesOf(request.user, app.db).own(request.params.workspaceId)
      const { name, description = '' } = request.body
      await changeWorkspace(workspace, { name, description }, app.db, app.now())
      await request.audit('workspace.changed', { subject: workspace.id })
      return reply.goTo(`/workspaces/${workspace.id}`, 'workspace-changed')
    }
  )

  app.get('/workspaces/:workspaceId/delete', inWorkspace, async (request, reply) => {
    const workspace = await workspacesOf(request.user, app.db).own(request.params.workspaceId)
    return reply.page('workspaces/delete', { workspace })
  })

  app.post('/workspaces/:workspaceId/delete', inWorkspace, async (request, reply) => {
    const workspace = await workspacesOf(request.user, app.db).own(request.params.workspaceId)
    const { documents, passages, bytes } = await removingWorkspace(app, request, workspace)
    return reply.goTo('/workspaces', 'workspace-deleted', documents, passages, bytes)
  })

  app.post('/workspaces/:workspaceId/leave', inWorkspace, async (request, reply) => {
    const workspace = await open(request)
    await membersOf(workspace, app.db).leave(request.user)
    await request.audit('member.left', { subject: workspace.id })
    return reply.goTo('/workspaces', 'member-left')
  })

  app.post(
    '/workspaces/:workspaceId/members/:accountId',
    { onRequest: requireUser, schema: { params: InMembership, body: MemberRole } },
    async (request, reply) => {
      const workspace = await workspacesOf(request.user, app.db).own(request.params.workspaceId)
      await managedMembersOf(workspace, app.db).setRole(request.params.accountId, request.body.role)
      const detail = { member: request.params.accountId, role: request.body.role }
      await request.audit('member.role_changed', { subject: workspace.id, detail })
      return reply.goTo(`/workspaces/${workspace.id}`, 'member-changed')
    }
  )

  app.post(
    '/workspaces/:workspaceId/members/:accountId/remove',
    { onRequest: requireUser, schema: { params: InMembership } },
    async (request, reply) => {
      const workspace = await workspacesOf(request.user, app.db).own(request.params.workspaceId)
      await managedMembersOf(workspace, app.db).remove(request.params.accountId)
      await request.audit('member.removed', { subject: workspace.id, detail: { member: request.params.accountId } })
      return reply.goTo(`/workspaces/${workspace.id}`, 'member-removed')
    }
  )
}
