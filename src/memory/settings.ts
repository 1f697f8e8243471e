import type { FastifyRequest } from 'fastify'
import { requireScope, requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { isOn, switchMemory } from './notebook.ts'
import { addWishes, setWishes, wishesOf } from './preferences.ts'
import { MemorySettings, Preferences, PreferencesChange } from './schema.ts'

/** Whether what somebody says is kept, and how they want answers: by page and by API. */
export async function memorySettings(app: App) {
  const read = async ({ user }: FastifyRequest) => ({
    memory: (await isOn(user, app.db)) ? ('on' as const) : ('off' as const),
    ...(await wishesOf(user, app.db))
  })

  const settings = async (request: FastifyRequest): Promise<[string, object]> => [
    'memory/settings',
    { rules: MemorySettings.properties, set: await read(request) }
  ]

  app.get('/settings/memory', { onRequest: requireUser }, async (request, reply) =>
    reply.page(...(await settings(request)))
  )

  app.post(
    '/settings/memory',
    { onRequest: requireUser, schema: { body: MemorySettings }, config: { form: settings } },
    async ({ user, body }, reply) => {
      const { memory, ...wishes } = body
      await switchMemory(user, memory === 'on', app.db, app.now())
      await setWishes(user, wishes, app.db, app.now())
      return reply.goTo('/settings/memory', memory === 'on' ? 'memory-on' : 'memory-off')
    }
  )

  const told = async (request: FastifyRequest) => ({
    ...{ answer_length: 'normal' as const, language: null, about_me: null },
    ...(await read(request))
  })

  app.get(
    '/api/v1/preferences',
    {
      onRequest: requireScope('read'),
      schema: { summary: 'Read how you want answers, and whether memory is on', response: { 200: Preferences } }
    },
    told
  )

  app.patch(
    '/api/v1/preferences',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Change how you want answers, or switch memory on or off',
        description:
          'An empty text takes a wish back. While memory is off nothing is kept or used; what is there stays.',
        body: PreferencesChange,
        response: { 200: Preferences }
      }
    },
    async (request) => {
      const { user, body } = request
      const { memory, ...wishes } = body
      if (memory) await switchMemory(user, memory === 'on', app.db, app.now())
      await addWishes(user, wishes, app.db, app.now())
      return told(request)
    }
  )
}
