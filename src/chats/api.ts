import type { FastifyReply, FastifyRequest } from 'fastify'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { tagsToNarrowTo } from '../tags/narrowing.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { exchangesIn } from './messages.ts'
import { chatsOf } from './mine.ts'
import { ChatChange, ChatList, NewChat, NewMessage, OneAnswer, OneChat } from './schema.ts'
import { type Chat, chatsIn, deleteChat, renameChat } from './store.ts'
import { answerEvents } from './streaming/answer-events.ts'
import { sendEvents, wantsEvents } from './streaming/events.ts'
import { following } from './streaming/following.ts'
import { told } from './telling.ts'
import { explained } from './why.ts'

export async function chatApi(app: App) {
  const oneChat = { onRequest: requireUser, schema: { params: OneChat } }
  const oneAnswer = { onRequest: requireUser, schema: { params: OneAnswer } }

  const chatAt = ({ user, params }: FastifyRequest) => chatsOf(user, app.db).open((params as { chatId: string }).chatId)

  /** The answer as it is written, for whoever asked for events. */
  function sendAnswer(request: FastifyRequest, reply: FastifyReply, chat: Chat, answer: string) {
    const coming = following(app, request, chat, () => chatAt(request))(answer)
    return sendEvents(
      reply,
      answerEvents(coming, () => exchangesIn(chat, app.db).open(answer))
    )
  }

  app.get('/api/v1/chats', { onRequest: requireUser, schema: { querystring: ChatList } }, async ({ user, query }) => {
    const { workspace_id, q, ...page } = query
    const wanted = { ...page, q: q.trim() }
    if (!workspace_id) return chatsOf(user, app.db).list(wanted)
    return chatsIn(await workspacesOf(user, app.db).open(workspace_id), user, app.db).list(wanted)
  })

  app.post('/api/v1/chats', { onRequest: requireUser, schema: { body: NewChat } }, async ({ user, body }, reply) => {
    const workspace = await workspacesOf(user, app.db).open(body.workspace_id)
    const chat = await chatsIn(workspace, user, app.db).start(body.title ?? 'New chat', app.now())
    return reply.code(201).send(chat)
  })

  app.get('/api/v1/chats/:chatId', oneChat, async (request) => (await chatAt(request)).chat)

  app.patch(
    '/api/v1/chats/:chatId',
    { onRequest: requireUser, schema: { params: OneChat, body: ChatChange } },
    async (request) => {
      const { chat } = await chatAt(request)
      const { title } = request.body
      await renameChat(chat, title, app.db, app.now())
      return { ...chat, title }
    }
  )

  app.delete('/api/v1/chats/:chatId', oneChat, async (request, reply) => {
    const { chat } = await chatAt(request)
    await app.answering.stopAll(chat)
    await deleteChat(chat, app.db)
    return reply.code(204).send()
  })

  app.get(
    '/api/v1/chats/:chatId/messages',
    { onRequest: requireUser, schema: { params: OneChat, querystring: Page } },
    async (request) => {
      const { chat } = await chatAt(request)
      const { items, next_cursor } = await exchangesIn(chat, app.db).list(request.query)
      return { items: items.map(told), next_cursor }
    }
  )

  app.post(
    '/api/v1/chats/:chatId/messages',
    { onRequest: requireUser, schema: { params: OneChat, body: NewMessage } },
    async (request, reply) => {
      const { user, body } = request
      const { workspace, chat } = await chatAt(request)
      const tags = await tagsToNarrowTo(body.tags ?? [], user, app.db)
      const { answer } = await app.answering.ask({ workspace, chat, user, question: body.content, tags })
      if (wantsEvents(request)) return sendAnswer(request, reply, chat, answer)
      await app.answering.done(answer)
      return reply.code(201).send(told(await exchangesIn(chat, app.db).open(answer)))
    }
  )

  app.get('/api/v1/chats/:chatId/messages/:messageId', oneAnswer, async (request, reply) => {
    const { workspace, chat } = await chatAt(request)
    const exchange = await exchangesIn(chat, app.db).open(request.params.messageId)
    const { answer } = exchange
    if (wantsEvents(request)) return sendAnswer(request, reply, chat, answer.id)
    const why = (await explained([answer], workspace, app.db)).get(answer.id)
    return { ...told(exchange), why }
  })

  app.post('/api/v1/chats/:chatId/messages/:messageId/again', oneAnswer, async (request, reply) => {
    const { messageId } = request.params
    const { workspace, chat } = await chatAt(request)
    await app.answering.again({ workspace, chat, user: request.user }, messageId)
    if (wantsEvents(request)) return sendAnswer(request, reply, chat, messageId)
    await app.answering.done(messageId)
    return told(await exchangesIn(chat, app.db).open(messageId))
  })

  app.post('/api/v1/chats/:chatId/messages/:messageId/stop', oneAnswer, async (request) => {
    const { chat } = await chatAt(request)
    await app.answering.stop(chat, request.params.messageId)
    return told(await exchangesIn(chat, app.db).open(request.params.messageId))
  })
}
