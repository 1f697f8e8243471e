import { requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { listOf, nothing, refused } from '../told.ts'
import { findMemories } from './finding.ts'
import { kindOf } from './said.ts'
import { InMemory, Memory, MemoryChange, MemoryList, NewMemory } from './schema.ts'
import { memoriesOf } from './store.ts'

export async function memoryApi(app: App) {
  app.get(
    '/api/v1/memories',
    {
      onRequest: requireScope('read'),
      schema: {
        summary: 'List what Carrel remembers of you, or look in it',
        description: 'Without q, the newest first; with it, what answers to it, the best first, in one page.',
        querystring: MemoryList,
        response: { 200: listOf(Memory) }
      }
    },
    ({ user, query }) => findMemories(app, user, query)
  )

  app.post(
    '/api/v1/memories',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Have something remembered',
        body: NewMemory,
        response: { 201: Memory, 409: refused('Memory is switched off, so nothing is kept.') }
      }
    },
    async ({ user, body }, reply) => {
      const { text, kind = kindOf(text) } = body
      const memory = await memoriesOf(user, app.db).add(text, kind, app.now())
      await app.memory.changed(user)
      return reply.code(201).send(memory)
    }
  )

  app.delete(
    '/api/v1/memories',
    {
      onRequest: requireScope('write'),
      schema: { summary: 'Forget everything', response: { 204: nothing('Nothing is remembered of you now.') } }
    },
    async ({ user }, reply) => {
      await memoriesOf(user, app.db).forgetAll()
      await app.memory.changed(user)
      return reply.code(204).send()
    }
  )

  app.get(
    '/api/v1/memories/:memoryId',
    {
      onRequest: requireScope('read'),
      schema: { summary: 'Read a memory', params: InMemory, response: { 200: Memory } }
    },
    ({ user, params }) => memoriesOf(user, app.db).open(params.memoryId)
  )

  app.patch(
    '/api/v1/memories/:memoryId',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Put a memory in other words',
        params: InMemory,
        body: MemoryChange,
        response: { 200: Memory }
      }
    },
    async ({ user, params, body }) => {
      const memory = await memoriesOf(user, app.db).change(params.memoryId, body.text, app.now())
      await app.memory.changed(user)
      return memory
    }
  )

  app.delete(
    '/api/v1/memories/:memoryId',
    {
      onRequest: requireScope('write'),
      schema: { summary: 'Forget a memory', params: InMemory, response: { 204: nothing('It is forgotten.') } }
    },
    async ({ user, params }, reply) => {
      await memoriesOf(user, app.db).forget(params.memoryId)
      await app.memory.changed(user)
      return reply.code(204).send()
    }
  )
}
