import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { anyone, requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { accepting, inviting, looking } from './acts.ts'
import { linkTo } from './link.ts'
import { Acceptance, InInvite, Invitation } from './schema.ts'
import { codeIn, invitesOf } from './store.ts'

const mostOffered = 200
const codeKeptFor = 3600
const Uses = Type.Optional(Type.String({ pattern: '^[1-9][0-9]?$|^100$', says: 'Choose from 1 to 100 uses.' }))
const InvitationForm = Type.Object({ ...Invitation.properties, uses: Uses })
const Code = Type.Object({ code: Type.Optional(Type.String({ maxLength: 400 })) })
const Offer = Type.Object({ ...Page.properties, workspace: Type.Optional(Type.String({ maxLength: 36 })) })

export async function invitePages(app: App) {
  async function form(request: FastifyRequest): Promise<[string, object]> {
    const { user } = request
    const { cursor, workspace } = (request.method === 'GET' ? request.query : {}) as Static<typeof Offer>
    const workspaces = await workspacesOf(user, app.db).listOwn(mostOffered)
    const open = await invitesOf(user, app.db).listOpen({ limit: 20, ...(cursor && { cursor }) }, app.now())
    return ['invites/invite', { rules: Invitation.properties, workspaces, open, chosen: workspace }]
  }

  async function page(request: FastifyRequest, reply: FastifyReply) {
    const made = request.keptCookie('new_invite')
    if (made) reply.dropCookie('new_invite')
    const [view, data] = await form(request)
    return reply.page(view, { ...data, made: made && linkTo(app, request, made) })
  }

  for (const path of ['/invite-coparent', '/invite']) {
    app.get(path, { onRequest: requireUser, schema: { querystring: Offer } }, page)

    app.post(
      path,
      { onRequest: requireUser, schema: { body: InvitationForm }, config: { form } },
      async (request, reply) => {
        const { workspace_id, role, email, uses } = request.body
        const invitation = { role, email, uses: uses ? Number(uses) : undefined }
        const { code } = await inviting(app, request, workspace_id, invitation)
        return reply.keepCookie('new_invite', code, 120).goTo(path)
      }
    )
  }

  app.post(
    '/invites/:inviteId/revoke',
    { onRequest: requireUser, schema: { params: InInvite } },
    async (request, reply) => {
      await invitesOf(request.user, app.db).revoke(request.params.inviteId, app.now())
      await request.audit('invite.revoked', { subject: request.params.inviteId })
      return reply.goTo('/invite-coparent', 'invite-revoked')
    }
  )

  async function acceptForm(request: FastifyRequest): Promise<[string, object]> {
    return ['invites/paste', { rules: Acceptance.properties, viewer: request.viewer }]
  }

  app.get('/accept-invite', { onRequest: anyone, schema: { querystring: Code } }, async (request, reply) => {
    const { viewer } = request
    const { code } = request.query
    if (!code) return reply.page(...(await acceptForm(request)))
    if (viewer) reply.dropCookie('invite_code')
    const offer = await looking(app, request, code)
    if (!viewer) reply.keepCookie('invite_code', code, codeKeptFor)
    const here = `/accept-invite?code=${encodeURIComponent(code)}`
    return reply.page('invites/accept', { offer, code, here })
  })

  app.post(
    '/accept-invite',
    { onRequest: requireUser, schema: { body: Acceptance }, config: { form: acceptForm } },
    async (request, reply) => {
      const { workspace_id, joined } = await accepting(app, request, codeIn(request.body.code))
      reply.dropCookie('invite_code')
      return reply.goTo(`/workspaces/${workspace_id}`, joined ? 'invite-accepted' : undefined)
    }
  )
}
