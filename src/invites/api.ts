import { requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { listOf, nothing, refused } from '../told.ts'
import { accepting, inviting } from './acts.ts'
import { linkTo } from './link.ts'
import { Acceptance, InInvite, Invitation, Invite, Joined, NewInvite } from './schema.ts'
import { codeIn, invitesOf } from './store.ts'

export async function inviteApi(app: App) {
  app.get(
    '/api/v1/invites',
    {
      onRequest: requireScope('read'),
      schema: {
        summary: 'List your invites',
        description: 'Those you made that still work.',
        querystring: Page,
        response: { 200: listOf(Invite) }
      }
    },
    ({ user, query }) => invitesOf(user, app.db).listOpen(query, app.now())
  )

  app.get(
    '/api/v1/invites/:inviteId',
    {
      onRequest: requireScope('read'),
      schema: { summary: 'Read an invite', params: InInvite, response: { 200: Invite } }
    },
    ({ user, params }) => invitesOf(user, app.db).open(params.inviteId, app.now())
  )

  app.post(
    '/api/v1/invites',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Invite somebody into a workspace',
        description: 'For its owner. It works for seven days; nothing is mailed, send the link yourself.',
        body: Invitation,
        response: { 201: NewInvite }
      }
    },
    async (request, reply) => {
      const { workspace_id, ...invitation } = request.body
      const made = await inviting(app, request, workspace_id, invitation)
      return reply.code(201).send({ ...made, workspace_id, url: linkTo(app, request, made.code) })
    }
  )

  app.delete(
    '/api/v1/invites/:inviteId',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Revoke an invite',
        description: 'Whoever has joined by it stays.',
        params: InInvite,
        response: { 204: nothing('The invite works no longer.') }
      }
    },
    async (request, reply) => {
      await invitesOf(request.user, app.db).revoke(request.params.inviteId, app.now())
      await request.audit('invite.revoked', { subject: request.params.inviteId })
      return reply.code(204).send()
    }
  )

  app.post(
    '/api/v1/invites/accept',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Accept an invite',
        body: Acceptance,
        response: { 200: Joined, 404: refused('This invite does not work, or no longer does, or not for you.') }
      }
    },
    async (request) => {
      const { workspace_id, role } = await accepting(app, request, codeIn(request.body.code))
      return { workspace_id, role }
    }
  )
}
