import type { FastifyRequest } from 'fastify'
import { InviteGone } from '../errors.ts'
import { hashToken } from '../ids.ts'
import type { App } from '../plugins/app-type.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { accept, findInvite, type Invitation, invite } from './store.ts'

/** Invites into a workspace of one's own, by page or by API, and writes it down. */
export async function inviting(app: App, request: FastifyRequest, workspaceId: string, invitation: Invitation) {
  const workspace = await workspacesOf(request.user, app.db).own(workspaceId)
  const made = await invite(workspace, request.user, invitation, app.db, app.now())
  await request.audit('invite.created', { subject: made.id, detail: { workspace: workspaceId, role: made.role } })
  return made
}

async function writingDownRefusals<Result>(request: FastifyRequest, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (error instanceof InviteGone) await request.audit('invite.refused')
    throw error
  }
}

/** What a code offers to whoever looks, signed in or not. */
export function looking(app: App, request: FastifyRequest, code: string) {
  const { viewer } = request
  async function look() {
    const offer = await findInvite(hashToken(code), app.db, app.now(), viewer)
    if (viewer && offer.email && offer.email !== viewer.email) throw new InviteGone()
    return offer
  }
  return writingDownRefusals(request, look())
}

/** Accepts, by page or by API, and writes down how it went. */
export async function accepting(app: App, request: FastifyRequest, code: string) {
  const result = await writingDownRefusals(request, accept(code, request.user, app.db, app.now()))
  if (result.joined) await request.audit('invite.accepted', { subject: result.workspace_id })
  return result
}
