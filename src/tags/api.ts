import { requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { listOf, nothing, refused } from '../told.ts'
import { InTag, NewTag, Tag, TagChange } from './schema.ts'
import { tagsOf } from './store.ts'

const exists = refused('You have a tag of this name already.')

export async function tagApi(app: App) {
  app.get(
    '/api/v1/tags',
    {
      onRequest: requireScope('read'),
      schema: { summary: 'List your tags', querystring: Page, response: { 200: listOf(Tag) } }
    },
    ({ user, query }) => tagsOf(user, app.db).list(query)
  )

  app.post(
    '/api/v1/tags',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Make a tag',
        description: 'Tags are your own: others may have some of the same names, and never see yours.',
        body: NewTag,
        response: { 201: Tag, 409: exists }
      }
    },
    async ({ user, body }, reply) => reply.code(201).send(await tagsOf(user, app.db).create(body.name, app.now()))
  )

  app.get(
    '/api/v1/tags/:tagId',
    { onRequest: requireScope('read'), schema: { summary: 'Read a tag', params: InTag, response: { 200: Tag } } },
    ({ user, params }) => tagsOf(user, app.db).open(params.tagId)
  )

  app.patch(
    '/api/v1/tags/:tagId',
    {
      onRequest: requireScope('write'),
      schema: { summary: 'Rename a tag', params: InTag, body: TagChange, response: { 200: Tag, 409: exists } }
    },
    ({ user, params, body }) => tagsOf(user, app.db).rename(params.tagId, body.name)
  )

  app.delete(
    '/api/v1/tags/:tagId',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Delete a tag',
        description: 'What had it stays, without it.',
        params: InTag,
        response: { 204: nothing('The tag is gone.') }
      }
    },
    async ({ user, params }, reply) => {
      await tagsOf(user, app.db).remove(params.tagId)
      return reply.code(204).send()
    }
  )
}
