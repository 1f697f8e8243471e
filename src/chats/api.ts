import type { FastifyRequest } from 'fastify'
import { requireInside } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { listOf, nothing } from '../told.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { deletingChat } from './deleting.ts'
import { chatsOf } from './mine.ts'
import { ChatChange, ChatList, NewChat, OneChat } from './schema.ts'
import { Chat } from './shapes.ts'
import { chatsIn, renameChat } from './store.ts'

export async function chatApi(app: App) {
  const chatAt = ({ user, params }: FastifyRequest) => chatsOf(user, app.db).open((params as { chatId: string }).chatId)

  app.get(
    '/api/v1/chats',
    {
      onRequest: requireInside('read'),
      schema: {
        summary: 'List your chats',
        description: 'Nobody else in a workspace sees them. A registered program sees those it began itself.',
        querystring: ChatList,
        response: { 200: listOf(Chat) }
      }
    },
    async ({ user, query }) => {
      const { workspace_id, q, ...page } = query
      const wanted = { ...page, q: q.trim() }
      if (!workspace_id) return chatsOf(user, app.db).list(wanted)
      return chatsIn(await workspacesOf(user, app.db).open(workspace_id), user, app.db).list(wanted)
    }
  )

  app.post(
    '/api/v1/chats',
    {
      onRequest: requireInside('write'),
      schema: { summary: 'Start a chat', body: NewChat, response: { 201: Chat } }
    },
    async ({ user, body }, reply) => {
      const workspace = await workspacesOf(user, app.db).open(body.workspace_id)
      const chat = await chatsIn(workspace, user, app.db).start(body.title ?? 'New chat', app.now())
      return reply.code(201).send(chat)
    }
  )

  app.get(
    '/api/v1/chats/:chatId',
    {
      onRequest: requireInside('read'),
      schema: { summary: 'Read about a chat', params: OneChat, response: { 200: Chat } }
    },
    async (request) => (await chatAt(request)).chat
  )

  app.patch(
    '/api/v1/chats/:chatId',
    {
      onRequest: requireInside('write'),
      schema: { summary: 'Rename a chat', params: OneChat, body: ChatChange, response: { 200: Chat } }
    },
    async (request) => {
      const { chat } = await chatAt(request)
      const { title } = request.body
      await renameChat(chat, title, app.db, app.now())
      return { ...chat, title }
    }
  )

  app.delete(
    '/api/v1/chats/:chatId',
    {
      onRequest: requireInside('write'),
      schema: {
        summary: 'Delete a chat',
        description: 'What Carrel remembers of its questions goes with it.',
        params: OneChat,
        response: { 204: nothing('The chat is gone.') }
      }
    },
    async (request, reply) => {
      const { chat } = await chatAt(request)
      await deletingChat(app, chat)
      return reply.code(204).send()
    }
  )
}
