import { removingWorkspace } from '../documents/removing.ts'
import { requireInside, requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { managedMembersOf, membersOf } from './members.ts'
import { InMembership, InWorkspace, MemberRole, Workspace, WorkspaceChange } from './schema.ts'
import { changeWorkspace, workspacesOf } from './store.ts'

const inWorkspace = { schema: { params: InWorkspace } }

export async function workspaceApi(app: App) {
  app.get(
    '/api/v1/workspaces',
    { onRequest: requireInside('read'), schema: { querystring: Page } },
    ({ user, query }) => workspacesOf(user, app.db).list(query)
  )

  app.post(
    '/api/v1/workspaces',
    { onRequest: requireScope('write'), schema: { body: Workspace } },
    async (request, reply) => {
      const workspace = await workspacesOf(request.user, app.db).create(request.body, app.now())
      await request.audit('workspace.created', { subject: workspace.id })
      return reply.code(201).send(workspace)
    }
  )

  app.get('/api/v1/workspaces/:workspaceId', { onRequest: requireInside('read'), ...inWorkspace }, ({ user, params }) =>
    workspacesOf(user, app.db).open(params.workspaceId)
  )

  app.patch(
    '/api/v1/workspaces/:workspaceId',
    { onRequest: requireScope('write'), schema: { params: InWorkspace, body: WorkspaceChange } },
    async (request) => {
      const { user, params, body } = request
      await changeWorkspace(await workspacesOf(user, app.db).own(params.workspaceId), body, app.db, app.now())
      await request.audit('workspace.changed', { subject: params.workspaceId })
      return workspacesOf(user, app.db).open(params.workspaceId)
    }
  )

  app.delete(
    '/api/v1/workspaces/:workspaceId',
    { onRequest: requireScope('write'), ...inWorkspace },
    async (request, reply) => {
      const { user, params } = request
      await removingWorkspace(app, request, await workspacesOf(user, app.db).own(params.workspaceId))
      return reply.code(204).send()
    }
  )

  app.get(
    '/api/v1/workspaces/:workspaceId/members',
    { onRequest: requireScope('read'), schema: { params: InWorkspace, querystring: Page } },
    async ({ user, params, query }) => {
      const workspace = await workspacesOf(user, app.db).open(params.workspaceId)
      return membersOf(workspace, app.db).list(query)
    }
  )

  app.patch(
    '/api/v1/workspaces/:workspaceId/members/:accountId',
    { onRequest: requireScope('write'), schema: { params: InMembership, body: MemberRole } },
    async (request) => {
      const { user, params, body } = request
      const workspace = await workspacesOf(user, app.db).own(params.workspaceId)
      await managedMembersOf(workspace, app.db).setRole(params.accountId, body.role)
      const detail = { member: params.accountId, role: body.role }
      await request.audit('member.role_changed', { subject: workspace.id, detail })
      return { account_id: params.accountId, role: body.role }
    }
  )

  app.delete(
    '/api/v1/workspaces/:workspaceId/members/:accountId',
    { onRequest: requireScope('write'), schema: { params: InMembership } },
    async (request, reply) => {
      const { user, params } = request
      const workspaces = workspacesOf(user, app.db)
      if (params.accountId === user.id) {
        await membersOf(await workspaces.open(params.workspaceId), app.db).leave(user)
        await request.audit('member.left', { subject: params.workspaceId })
      } else {
        await managedMembersOf(await workspaces.own(params.workspaceId), app.db).remove(params.accountId)
        await request.audit('member.removed', { subject: params.workspaceId, detail: { member: params.accountId } })
      }
      return reply.code(204).send()
    }
  )
}
