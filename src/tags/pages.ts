import type { FastifyRequest } from 'fastify'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { InTag, NewTag } from './schema.ts'
import { tagsOf } from './store.ts'

export async function tagPages(app: App) {
  const list = async ({ user, query }: FastifyRequest): Promise<[string, object]> => {
    const { cursor, limit = 50 } = query as { cursor?: string; limit?: number }
    const tags = await tagsOf(user, app.db).list({ limit, ...(cursor && { cursor }) })
    return ['tags/list', { rules: NewTag.properties, tags }]
  }

  async function one({ user, params }: FastifyRequest): Promise<[string, object]> {
    const tag = await tagsOf(user, app.db).open((params as { tagId: string }).tagId)
    return ['tags/settings', { rules: NewTag.properties, tag }]
  }

  app.get('/tags', { onRequest: requireUser, schema: { querystring: Page } }, async (request, reply) =>
    reply.page(...(await list(request)))
  )

  app.post(
    '/tags',
    { onRequest: requireUser, schema: { body: NewTag }, config: { form: list } },
    async ({ user, body }, reply) => {
      await tagsOf(user, app.db).create(body.name, app.now())
      return reply.goTo('/tags', 'tag-created')
    }
  )

  app.get('/tags/:tagId', { onRequest: requireUser, schema: { params: InTag } }, async (request, reply) =>
    reply.page(...(await one(request)))
  )

  app.post(
    '/tags/:tagId',
    { onRequest: requireUser, schema: { params: InTag, body: NewTag }, config: { form: one } },
    async ({ user, params, body }, reply) => {
      await tagsOf(user, app.db).rename(params.tagId, body.name)
      return reply.goTo('/tags', 'tag-changed')
    }
  )

  app.post(
    '/tags/:tagId/delete',
    { onRequest: requireUser, schema: { params: InTag } },
    async ({ user, params }, reply) => {
      await tagsOf(user, app.db).remove(params.tagId)
      return reply.goTo('/tags', 'tag-deleted')
    }
  )
}
