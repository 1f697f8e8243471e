import type { FastifyRequest } from 'fastify'
import type { App } from '../plugins/app-type.ts'
import { roomOf } from '../workspaces/room.ts'
import { workspacesOf } from '../workspaces/store.ts'
import type { NewInstance } from './schema.ts'
import { instancesOf } from './store.ts'

/** Registers a program for a workspace they may add to, their own room if they name none, and writes it down. */
export async function registering(app: App, request: FastifyRequest, { workspace_id, ...wish }: NewInstance) {
  const { user } = request
  const workspace = await workspacesOf(user, app.db).edit(workspace_id ?? (await roomOf(user, app.db)))
  const made = await instancesOf(user, app.db).register(workspace, wish, app.instancePasswords, app.now())
  await request.audit('instance.registered', { subject: made.instance_id, detail: { workspace: workspace.id } })
  return made
}
