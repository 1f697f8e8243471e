import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { InWorkspace } from '../workspaces/schema.ts'
import { chatPage, shownExchange } from './chat-page.ts'
import { deletingChat } from './deleting.ts'
import { sendAsMarkdown } from './exporting.ts'
import { chatAt, chatsAt } from './open-chat.ts'
import { ChatsHere, InChat, Place, Rename } from './schema.ts'
import { renameChat } from './store.ts'
import { stayOpen } from './streaming/events.ts'
import { following } from './streaming/following.ts'
import { growingPage } from './streaming/growing-page.ts'

export async function chatPages(app: App) {
  const inChat = { onRequest: requireUser, schema: { params: InChat } }

  app.get(
    '/workspaces/:workspaceId/chats',
    { onRequest: requireUser, schema: { params: InWorkspace, querystring: ChatsHere } },
    async (request, reply) => {
      const { workspace, chats } = await chatsAt(app, request)
      const q = request.query.q.trim()
      return reply.page('chats/list', { workspace, q, chats: await chats.list({ ...request.query, q }) })
    }
  )

  app.get(
    '/workspaces/:workspaceId/chats/:chatId',
    { onRequest: requireUser, schema: { params: InChat, querystring: Place } },
    async (request, reply) => {
      const { user, workspace, chat } = await chatAt(app, request)
      const data = await chatPage({ user, workspace, chat, ...request.query }, app.db)
      const writing = data.exchanges.flatMap(({ answer }) => (answer.state === 'writing' ? [answer.id] : []))
      if (writing.length === 0) return reply.page('chats/show', data)

      async function below(answer: string) {
        const exchange = await shownExchange({ user, workspace, chat }, answer, app.db)
        return { exchange, html: reply.partText('chats/_below', { workspace, chat, exchange }) }
      }
      const parts = {
        page: (gapOf: (answer: string) => string) => reply.pageText('chats/show', { ...data, gapOf }),
        follow: following(app, request, chat, () => chatAt(app, request)),
        log: request.log
      }
      const growing = growingPage({ ...parts, writing, workspace, below })
      return stayOpen(reply).type('text/html; charset=utf-8').send(Readable.from(growing))
    }
  )

  app.get('/workspaces/:workspaceId/chats/:chatId/export', inChat, async (request, reply) => {
    const { chat } = await chatAt(app, request)
    return sendAsMarkdown(reply, chat, app.db)
  })

  const settingsForm = async (request: FastifyRequest): Promise<[string, object]> => [
    'chats/settings',
    { rules: Rename.properties, ...(await chatAt(app, request)) }
  ]

  app.get('/workspaces/:workspaceId/chats/:chatId/settings', inChat, async (request, reply) =>
    reply.page(...(await settingsForm(request)))
  )

  app.post(
    '/workspaces/:workspaceId/chats/:chatId/rename',
    { onRequest: requireUser, schema: { params: InChat, body: Rename }, config: { form: settingsForm } },
    async (request, reply) => {
      const { workspace, chat } = await chatAt(app, request)
      await renameChat(chat, request.body.title, app.db, app.now())
      return reply.goTo(`/workspaces/${workspace.id}/chats/${chat.id}`, 'chat-renamed')
    }
  )

  app.post('/workspaces/:workspaceId/chats/:chatId/delete', inChat, async (request, reply) => {
    const { workspace, chat } = await chatAt(app, request)
    await deletingChat(app, chat)
    return reply.goTo(`/workspaces/${workspace.id}`, 'chat-deleted')
  })
}
