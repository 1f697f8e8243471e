import type { FastifyRequest } from 'fastify'
import { InviteGone } from '../errors.ts'
import type { App } from '../plugins/app-type.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { accept, type Invitation, invite } from './store.ts'

/** Invites into a workspace of one's own, by page or by API, and writes it down. */
export async function inviting(app: App, request: FastifyRequest, workspaceId: string, invitation: Invitation) {
  const workspace = await workspacesOf(request.user, app.db).own(workspaceId)
  const made = await invite(workspace, request.user, invitation, app.db, app.now())
  await request.audit('invite.created', { subject: made.id, detail: { workspace: workspaceId, role: made.role } })
  return made
}

/** Accepts, by page or by API, and writes down how it went. */
export async function accepting(app: App, request: FastifyRequest, code: string) {
  try {
    const result = await accept(code, request.user, app.db, app.now())
    if (result.joined) await request.audit('invite.accepted', { subject: result.workspace_id })
    return result
  } catch (error) {
    if (error instanceof InviteGone) await request.audit('invite.refused')
    throw error
  }
}
