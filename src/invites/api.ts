import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../workspaces/schema.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { linkTo } from './link.ts'
import { accepting } from './pages.ts'
import { Acceptance, InInvite, Invitation } from './schema.ts'
import { codeIn, invite, invitesOf } from './store.ts'

export async function inviteApi(app: App) {
  app.get('/api/v1/invites', { onRequest: requireUser, schema: { querystring: Page } }, ({ user, query }) =>
    invitesOf(user, app.db).listOpen(query, app.now())
  )

  app.post('/api/v1/invites', { onRequest: requireUser, schema: { body: Invitation } }, async (request, reply) => {
    const { user, body } = request
    const workspace = await workspacesOf(user, app.db).own(body.workspace_id)
    const made = await invite(workspace, user, body, app.db, app.now())
    await request.audit('invite.created', { subject: made.id, detail: { workspace: workspace.id, role: body.role } })
    return reply.code(201).send({ ...made, workspace_id: workspace.id, url: linkTo(app, request, made.code) })
  })

  app.delete(
    '/api/v1/invites/:inviteId',
    { onRequest: requireUser, schema: { params: InInvite } },
    async (request, reply) => {
      await invitesOf(request.user, app.db).revoke(request.params.inviteId, app.now())
      await request.audit('invite.revoked', { subject: request.params.inviteId })
      return reply.code(204).send()
    }
  )

  app.post('/api/v1/invites/accept', { onRequest: requireUser, schema: { body: Acceptance } }, async (request) => {
    const { workspace_id, role } = await accepting(app, request, codeIn(request.body.code))
    return { workspace_id, role }
  })
}
