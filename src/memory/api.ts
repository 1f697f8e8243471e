import { requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { findMemories } from './finding.ts'
import { kindOf } from './said.ts'
import { InMemory, MemoryChange, MemoryList, NewMemory } from './schema.ts'
import { memoriesOf } from './store.ts'

export async function memoryApi(app: App) {
  const inMemory = { schema: { params: InMemory } }

  app.get(
    '/api/v1/memories',
    { onRequest: requireScope('read'), schema: { querystring: MemoryList } },
    ({ user, query }) => findMemories(app, user, query)
  )

  app.post(
    '/api/v1/memories',
    { onRequest: requireScope('write'), schema: { body: NewMemory } },
    async ({ user, body }, reply) => {
      const { text, kind = kindOf(text) } = body
      const memory = await memoriesOf(user, app.db).add(text, kind, app.now())
      await app.memory.changed(user)
      return reply.code(201).send(memory)
    }
  )

  app.delete('/api/v1/memories', { onRequest: requireScope('write') }, async ({ user }, reply) => {
    await memoriesOf(user, app.db).forgetAll()
    await app.memory.changed(user)
    return reply.code(204).send()
  })

  app.get('/api/v1/memories/:memoryId', { onRequest: requireScope('read'), ...inMemory }, ({ user, params }) =>
    memoriesOf(user, app.db).open(params.memoryId)
  )

  app.patch(
    '/api/v1/memories/:memoryId',
    { onRequest: requireScope('write'), schema: { params: InMemory, body: MemoryChange } },
    async ({ user, params, body }) => {
      const memory = await memoriesOf(user, app.db).change(params.memoryId, body.text, app.now())
      await app.memory.changed(user)
      return memory
    }
  )

  app.delete(
    '/api/v1/memories/:memoryId',
    { onRequest: requireScope('write'), ...inMemory },
    async ({ user, params }, reply) => {
      await memoriesOf(user, app.db).forget(params.memoryId)
      await app.memory.changed(user)
      return reply.code(204).send()
    }
  )
}
