import { reachable } from '../database/open.ts'
import { anyone } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'

/** For whatever watches over the process: is it alive, and can it serve? */
export async function healthRoutes(app: App) {
  const route = { onRequest: anyone, config: { impersonal: true }, logLevel: 'warn' } as const
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })

  app.get('/health', route, async () => ({ status: 'ok' }))

  app.get('/ready', route, async (request, reply) => {
    try {
      if (closing) throw new Error('closing')
      await reachable(app.db)
      return { status: 'ready' }
    } catch (error) {
      request.log.warn({ err: error }, 'not ready')
      return reply.code(503).send({ status: 'not ready' })
    }
  })
}
