import type { FastifyRequest } from 'fastify'
import type { App } from '../plugins/app-type.ts'
import { sessionsOf } from './store.ts'

/** Signs somebody out everywhere but where they ask from. */
export async function endOthers(app: App, request: FastifyRequest) {
  await sessionsOf(request.user, app.db).endOthers(request.signedIn.session_id)
  await request.audit('session.ended', { detail: { others: true } })
}
