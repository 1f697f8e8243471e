import { removingWorkspace } from '../documents/removing.ts'
import { requireInside, requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { listOf, nothing, refused } from '../told.ts'
import { managedMembersOf, membersOf } from './members.ts'
import {
  InMembership,
  InWorkspace,
  Member,
  MemberRole,
  NewWorkspace,
  RoleOfMember,
  Workspace,
  WorkspaceChange
} from './schema.ts'
import { changeWorkspace, workspacesOf } from './store.ts'

const ownerStays = refused('The owner stays; delete the workspace instead.')

export async function workspaceApi(app: App) {
  app.get(
    '/api/v1/workspaces',
    {
      onRequest: requireInside('read'),
      schema: {
        summary: 'List your workspaces',
        description: 'Those you own and those you were invited into. A credential for one workspace is told that one.',
        querystring: Page,
        response: { 200: listOf(Workspace) }
      }
    },
    ({ user, query }) => workspacesOf(user, app.db).list(query)
  )

  app.post(
    '/api/v1/workspaces',
    {
      onRequest: requireScope('write'),
      schema: { summary: 'Make a workspace', body: NewWorkspace, response: { 201: Workspace } }
    },
    async (request, reply) => {
      const workspace = await workspacesOf(request.user, app.db).create(request.body, app.now())
      await request.audit('workspace.created', { subject: workspace.id })
      return reply.code(201).send(workspace)
    }
  )

  app.get(
    '/api/v1/workspaces/:workspaceId',
    {
      onRequest: requireInside('read'),
      schema: { summary: 'Read a workspace', params: InWorkspace, response: { 200: Workspace } }
    },
    ({ user, params }) => workspacesOf(user, app.db).open(params.workspaceId)
  )

  app.patch(
    '/api/v1/workspaces/:workspaceId',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Rename or describe a workspace',
        description: 'For its owner.',
        params: InWorkspace,
        body: WorkspaceChange,
        response: { 200: Workspace }
      }
    },
    async (request) => {
      const { user, params, body } = request
      await changeWorkspace(await workspacesOf(user, app.db).own(params.workspaceId), body, app.db, app.now())
      await request.audit('workspace.changed', { subject: params.workspaceId })
      return workspacesOf(user, app.db).open(params.workspaceId)
    }
  )

  app.delete(
    '/api/v1/workspaces/:workspaceId',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Delete a workspace',
        description: 'For its owner. All its documents and chats, those of its members too, go with it.',
        params: InWorkspace,
        response: {
          204: nothing('The workspace and all that was in it is gone.'),
          409: refused('It is your own room, which stays as long as your account does.')
        }
      }
    },
    async (request, reply) => {
      const { user, params } = request
      await removingWorkspace(app, request, await workspacesOf(user, app.db).own(params.workspaceId))
      return reply.code(204).send()
    }
  )

  app.get(
    '/api/v1/workspaces/:workspaceId/members',
    {
      onRequest: requireScope('read'),
      schema: {
        summary: 'List the members of a workspace',
        params: InWorkspace,
        querystring: Page,
        response: { 200: listOf(Member) }
      }
    },
    async ({ user, params, query }) => {
      const workspace = await workspacesOf(user, app.db).open(params.workspaceId)
      return membersOf(workspace, app.db).list(query)
    }
  )

  app.patch(
    '/api/v1/workspaces/:workspaceId/members/:accountId',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Change what a member may do',
        description: 'For the owner of the workspace.',
        params: InMembership,
        body: MemberRole,
        response: { 200: RoleOfMember, 409: ownerStays }
      }
    },
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
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Remove a member, or leave',
        description: 'The owner removes others; with your own account you leave.',
        params: InMembership,
        response: { 204: nothing('They are a member no longer.'), 409: ownerStays }
      }
    },
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
