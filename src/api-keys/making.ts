import type { FastifyRequest } from 'fastify'
import { Invalid } from '../errors.ts'
import type { App } from '../plugins/app-type.ts'
import { workspacesOf } from '../workspaces/store.ts'
import type { NewKey } from './schema.ts'
import { keysOf } from './store.ts'

/** Makes a key, by page or by API, for a workspace only if they are in it, and writes it down. */
export async function makingKey(app: App, request: FastifyRequest, { workspace_id, expires_at, ...wish }: NewKey) {
  const { user } = request
  const end = expires_at === undefined ? undefined : Date.parse(expires_at)
  if (end !== undefined && !(end > app.now().getTime()))
    throw new Invalid({ fields: { expires_at: 'Name a moment to come.' } })
  const workspace = workspace_id ? await workspacesOf(user, app.db).open(workspace_id) : undefined
  const ending = end === undefined ? null : new Date(end).toISOString()
  const made = await keysOf(user, app.db).make({ ...wish, workspace, expires_at: ending }, app.now())
  await request.audit('key.created', { subject: made.id, detail: { scopes: made.scopes.join(' ') } })
  return made
}
