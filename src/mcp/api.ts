import { stayOpen } from '../chats/streaming/events.ts'
import { WrongType } from '../errors.ts'
import { requireInside } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'

const isJson = (type = '') => /^application\/json\s*(?:;|$)/i.test(type)

/** Carrel as a tool for other assistants, by the Model Context Protocol. Each request stands alone. */
export async function mcpApi(app: App) {
  app.post(
    '/mcp',
    { onRequest: requireInside('read', 'write'), config: { programsOnly: true } },
    async (request, reply) => {
      if (!isJson(request.headers['content-type'])) throw new WrongType()
      // Most servers are never asked this way, so what speaks the protocol is only read once one is.
      const { serve } = await import('./serving.ts')
      const answer = await serve(app, request, reply)
      const type = answer.headers.get('content-type')
      reply.code(answer.status)
      if (!type) return reply.send()
      if (type.startsWith('text/event-stream')) return stayOpen(reply).type(type).send(answer.body)
      return reply.type(type).send(await answer.text())
    }
  )
}
