import type { FastifyRequest } from 'fastify'
import type { App } from '../plugins/app-type.ts'
import { identitiesOf } from './store.ts'

/** Closes a way in for whoever asks, as long as another one is left. */
export async function unlinking(app: App, request: FastifyRequest, id: string) {
  const { providers } = app.config
  const issuers = providers.map(({ issuer }) => issuer)
  const { issuer } = await identitiesOf(request.user, app.db).unlink(id, issuers, app.now())
  const provider = providers.find((one) => one.issuer === issuer)?.id
  await request.audit('identity.unlinked', { detail: { provider } })
}
