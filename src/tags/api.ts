import { requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { InTag, NewTag, TagChange } from './schema.ts'
import { tagsOf } from './store.ts'

export async function tagApi(app: App) {
  const inTag = { schema: { params: InTag } }

  app.get('/api/v1/tags', { onRequest: requireScope('read'), schema: { querystring: Page } }, ({ user, query }) =>
    tagsOf(user, app.db).list(query)
  )

  app.post(
    '/api/v1/tags',
    { onRequest: requireScope('write'), schema: { body: NewTag } },
    async ({ user, body }, reply) => reply.code(201).send(await tagsOf(user, app.db).create(body.name, app.now()))
  )

  app.get('/api/v1/tags/:tagId', { onRequest: requireScope('read'), ...inTag }, ({ user, params }) =>
    tagsOf(user, app.db).open(params.tagId)
  )

  app.patch(
    '/api/v1/tags/:tagId',
    { onRequest: requireScope('write'), schema: { params: InTag, body: TagChange } },
    ({ user, params, body }) => tagsOf(user, app.db).rename(params.tagId, body.name)
  )

  app.delete('/api/v1/tags/:tagId', { onRequest: requireScope('write'), ...inTag }, async ({ user, params }, reply) => {
    await tagsOf(user, app.db).remove(params.tagId)
    return reply.code(204).send()
  })
}
