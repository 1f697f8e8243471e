import { requireSession } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { makingKey } from './making.ts'
import { InKey, KeyChange, NewKey } from './schema.ts'
import { keysOf } from './store.ts'

export async function keyApi(app: App) {
  const inKey = { onRequest: requireSession, schema: { params: InKey } }

  app.get('/api/v1/api-keys', { onRequest: requireSession, schema: { querystring: Page } }, ({ user, query }) =>
    keysOf(user, app.db).list(query)
  )

  app.post('/api/v1/api-keys', { onRequest: requireSession, schema: { body: NewKey } }, async (request, reply) =>
    reply.code(201).send(await makingKey(app, request, request.body))
  )

  app.get('/api/v1/api-keys/:keyId', inKey, ({ user, params }) => keysOf(user, app.db).open(params.keyId))

  app.patch(
    '/api/v1/api-keys/:keyId',
    { onRequest: requireSession, schema: { params: InKey, body: KeyChange } },
    ({ user, params, body }) => keysOf(user, app.db).rename(params.keyId, body.name)
  )

  app.delete('/api/v1/api-keys/:keyId', inKey, async (request, reply) => {
    await keysOf(request.user, app.db).revoke(request.params.keyId)
    await request.audit('key.revoked', { subject: request.params.keyId })
    return reply.code(204).send()
  })
}
