import { requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { accepting, inviting } from './acts.ts'
import { linkTo } from './link.ts'
import { Acceptance, InInvite, Invitation } from './schema.ts'
import { codeIn, invitesOf } from './store.ts'

export async function inviteApi(app: App) {
  app.get('/api/v1/invites', { onRequest: requireScope('read'), schema: { querystring: Page } }, ({ user, query }) =>
    invitesOf(user, app.db).listOpen(query, app.now())
  )

  app.get(
    '/api/v1/invites/:inviteId',
    { onRequest: requireScope('read'), schema: { params: InInvite } },
    ({ user, params }) => invitesOf(user, app.db).open(params.inviteId, app.now())
  )

  app.post(
    '/api/v1/invites',
    { onRequest: requireScope('write'), schema: { body: Invitation } },
    async (request, reply) => {
      const { workspace_id, ...invitation } = request.body
      const made = await inviting(app, request, workspace_id, invitation)
      return reply.code(201).send({ ...made, workspace_id, url: linkTo(app, request, made.code) })
    }
  )

  app.delete(
    '/api/v1/invites/:inviteId',
    { onRequest: requireScope('write'), schema: { params: InInvite } },
    async (request, reply) => {
      await invitesOf(request.user, app.db).revoke(request.params.inviteId, app.now())
      await request.audit('invite.revoked', { subject: request.params.inviteId })
      return reply.code(204).send()
    }
  )

  app.post(
    '/api/v1/invites/accept',
    { onRequest: requireScope('write'), schema: { body: Acceptance } },
    async (request) => {
      const { workspace_id, role } = await accepting(app, request, codeIn(request.body.code))
      return { workspace_id, role }
    }
  )
}
