import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { nextPath } from '../accounts/next-path.ts'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { findMemories } from './finding.ts'
import { isOn } from './notebook.ts'
import { kindOf } from './said.ts'
import { ForgetOne, InMemory, MemoryChange, MemoryList, NewMemory } from './schema.ts'
import { shownMemory } from './showing.ts'
import { memoriesOf } from './store.ts'

type Looking = Static<typeof MemoryList>

export async function memoryPages(app: App) {
  const list = async ({ user, query, method }: FastifyRequest): Promise<[string, object]> => {
    // A form that is shown again has a query that nobody has looked at.
    const { q, ...wanted } = method === 'GET' ? (query as Looking) : { q: '', limit: 20 }
    const { items, next_cursor } = await findMemories(app, user, { q, ...wanted })
    const memories = { items: items.map(shownMemory), next_cursor }
    return ['memory/list', { rules: NewMemory.properties, memories, asked: q.trim(), on: await isOn(user, app.db) }]
  }

  async function one({ user, params }: FastifyRequest): Promise<[string, object]> {
    const memory = await memoriesOf(user, app.db).open((params as { memoryId: string }).memoryId)
    return ['memory/edit', { rules: MemoryChange.properties, memory: shownMemory(memory) }]
  }

  app.get('/memory', { onRequest: requireUser, schema: { querystring: MemoryList } }, async (request, reply) =>
    reply.page(...(await list(request)))
  )

  app.post(
    '/memory',
    { onRequest: requireUser, schema: { body: NewMemory }, config: { form: list } },
    async ({ user, body }, reply) => {
      const { text, kind = kindOf(text) } = body
      await memoriesOf(user, app.db).add(text, kind, app.now())
      await app.memory.changed(user)
      return reply.goTo('/memory', 'memory-kept')
    }
  )

  app.get('/memory/forget', { onRequest: requireUser }, async (_request, reply) => reply.page('memory/forget'))

  app.post('/memory/forget', { onRequest: requireUser }, async ({ user }, reply) => {
    await memoriesOf(user, app.db).forgetAll()
    await app.memory.changed(user)
    return reply.goTo('/memory', 'memory-emptied')
  })

  app.get('/memory/:memoryId', { onRequest: requireUser, schema: { params: InMemory } }, async (request, reply) =>
    reply.page(...(await one(request)))
  )

  app.post(
    '/memory/:memoryId',
    { onRequest: requireUser, schema: { params: InMemory, body: MemoryChange }, config: { form: one } },
    async ({ user, params, body }, reply) => {
      await memoriesOf(user, app.db).change(params.memoryId, body.text, app.now())
      await app.memory.changed(user)
      return reply.goTo('/memory', 'memory-changed')
    }
  )

  app.post(
    '/memory/:memoryId/forget',
    { onRequest: requireUser, schema: { params: InMemory, body: ForgetOne } },
    async ({ user, params, body }, reply) => {
      await memoriesOf(user, app.db).forget(params.memoryId)
      await app.memory.changed(user)
      return reply.goTo(nextPath(body.next) ?? '/memory', 'memory-forgotten')
    }
  )
}
