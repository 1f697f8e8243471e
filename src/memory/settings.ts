import type { FastifyRequest } from 'fastify'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { isOn, switchMemory } from './notebook.ts'
import { setWishes, wishesOf } from './preferences.ts'
import { MemorySettings } from './schema.ts'

export async function memorySettings(app: App) {
  const settings = async ({ user }: FastifyRequest): Promise<[string, object]> => {
    const set = { memory: (await isOn(user, app.db)) ? 'on' : 'off', ...(await wishesOf(user, app.db)) }
    return ['memory/settings', { rules: MemorySettings.properties, set }]
  }

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
}
