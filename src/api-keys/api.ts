import { requireSession } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { listOf, nothing, refused } from '../told.ts'
import { makingKey } from './making.ts'
import { InKey, Key, KeyChange, MadeKey, NewKey } from './schema.ts'
import { keysOf } from './store.ts'

export async function keyApi(app: App) {
  app.get(
    '/api/v1/api-keys',
    {
      onRequest: requireSession,
      schema: { summary: 'List your API keys', querystring: Page, response: { 200: listOf(Key) } }
    },
    ({ user, query }) => keysOf(user, app.db).list(query)
  )

  app.post(
    '/api/v1/api-keys',
    {
      onRequest: requireSession,
      schema: {
        summary: 'Make an API key',
        description:
          'Send the key as Authorization: Bearer or as X-API-Key. It is kept as a hash, and never told again.',
        body: NewKey,
        response: { 201: MadeKey, 409: refused('You have as many keys as you may have.') }
      }
    },
    async (request, reply) => reply.code(201).send(await makingKey(app, request, request.body))
  )

  app.get(
    '/api/v1/api-keys/:keyId',
    { onRequest: requireSession, schema: { summary: 'Read about an API key', params: InKey, response: { 200: Key } } },
    ({ user, params }) => keysOf(user, app.db).open(params.keyId)
  )

  app.patch(
    '/api/v1/api-keys/:keyId',
    {
      onRequest: requireSession,
      schema: { summary: 'Rename an API key', params: InKey, body: KeyChange, response: { 200: Key } }
    },
    ({ user, params, body }) => keysOf(user, app.db).rename(params.keyId, body.name)
  )

  app.delete(
    '/api/v1/api-keys/:keyId',
    {
      onRequest: requireSession,
      schema: { summary: 'Revoke an API key', params: InKey, response: { 204: nothing('The key opens nothing now.') } }
    },
    async (request, reply) => {
      await keysOf(request.user, app.db).revoke(request.params.keyId)
      await request.audit('key.revoked', { subject: request.params.keyId })
      return reply.code(204).send()
    }
  )
}
