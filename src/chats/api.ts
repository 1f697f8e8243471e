import type { FastifyReply, FastifyRequest } from 'fastify'
import { memoriesUsed } from '../memory/used.ts'
import { requireInside } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { varyBy } from '../plugins/vary.ts'
import { Page } from '../shapes.ts'
import { tagsToNarrowTo } from '../tags/narrowing.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { deletingChat } from './deleting.ts'
import { type Exchange, exchangesIn } from './messages.ts'
import { chatsOf } from './mine.ts'
import { ChatChange, ChatList, NewChat, NewMessage, OneAnswer, OneChat } from './schema.ts'
import { type Chat, chatsIn, renameChat } from './store.ts'
import { answerEvents } from './streaming/answer-events.ts'
import { sendEvents, wantsEvents } from './streaming/events.ts'
import { following } from './streaming/following.ts'
import { type Told, told } from './telling.ts'
import { explained } from './why.ts'

export async function chatApi(app: App) {
  const oneChat = { schema: { params: OneChat } }
  const oneAnswer = { schema: { params: OneAnswer } }

  const chatAt = ({ user, params }: FastifyRequest) => chatsOf(user, app.db).open((params as { chatId: string }).chatId)

  async function tellAll(exchanges: Exchange[], { user }: FastifyRequest) {
    const answers = exchanges.map(({ answer }) => answer.id)
    const used = user.within ? {} : await memoriesUsed(answers, user, app.db)
    return exchanges.map((one) => told(one, used[one.answer.id]))
  }

  const tell = async (chat: Chat, answer: string, request: FastifyRequest) =>
    (await tellAll([await exchangesIn(chat, app.db).open(answer)], request))[0] as Told

  /** The answer as it is written, for whoever asked for events. */
  function sendAnswer(request: FastifyRequest, reply: FastifyReply, chat: Chat, answer: string) {
    const coming = following(app, request, chat, () => chatAt(request))(answer)
    return sendEvents(
      reply,
      answerEvents(coming, () => tell(chat, answer, request))
    )
  }

  async function sendWhole(request: FastifyRequest, reply: FastifyReply, chat: Chat, answer: string) {
    reply.code(201).header('location', `/api/v1/chats/${chat.id}/messages/${answer}`)
    return reply.send(await tell(chat, answer, request))
  }

  /** The answer to a question that is sent again: as it stands now, without what has been deleted since. */
  async function retell(request: FastifyRequest, reply: FastifyReply, { answer = '' }: Record<string, string>) {
    const { chat } = await chatAt(request)
    if (wantsEvents(request)) return sendAnswer(request, reply, chat, answer)
    await app.answering.ended(chat, answer)
    return sendWhole(request, reply, chat, answer)
  }

  app.get(
    '/api/v1/chats',
    { onRequest: requireInside('read'), schema: { querystring: ChatList } },
    async ({ user, query }) => {
      const { workspace_id, q, ...page } = query
      const wanted = { ...page, q: q.trim() }
      if (!workspace_id) return chatsOf(user, app.db).list(wanted)
      return chatsIn(await workspacesOf(user, app.db).open(workspace_id), user, app.db).list(wanted)
    }
  )

  app.post(
    '/api/v1/chats',
    { onRequest: requireInside('write'), schema: { body: NewChat } },
    async ({ user, body }, reply) => {
      const workspace = await workspacesOf(user, app.db).open(body.workspace_id)
      const chat = await chatsIn(workspace, user, app.db).start(body.title ?? 'New chat', app.now())
      return reply.code(201).send(chat)
    }
  )

  app.get(
    '/api/v1/chats/:chatId',
    { onRequest: requireInside('read'), ...oneChat },
    async (request) => (await chatAt(request)).chat
  )

  app.patch(
    '/api/v1/chats/:chatId',
    { onRequest: requireInside('write'), schema: { params: OneChat, body: ChatChange } },
    async (request) => {
      const { chat } = await chatAt(request)
      const { title } = request.body
      await renameChat(chat, title, app.db, app.now())
      return { ...chat, title }
    }
  )

  app.delete('/api/v1/chats/:chatId', { onRequest: requireInside('write'), ...oneChat }, async (request, reply) => {
    const { chat } = await chatAt(request)
    await deletingChat(app, chat)
    return reply.code(204).send()
  })

  app.get(
    '/api/v1/chats/:chatId/messages',
    { onRequest: requireInside('read'), schema: { params: OneChat, querystring: Page } },
    async (request) => {
      const { chat } = await chatAt(request)
      const { items, next_cursor } = await exchangesIn(chat, app.db).list(request.query)
      return { items: await tellAll(items, request), next_cursor }
    }
  )

  app.post(
    '/api/v1/chats/:chatId/messages',
    { onRequest: requireInside('write'), schema: { params: OneChat, body: NewMessage }, config: { retell } },
    async (request, reply) => {
      const { user, body } = request
      const { workspace, chat } = await chatAt(request)
      const tags = await tagsToNarrowTo(body.tags ?? [], user, app.db)
      const { answer } = await app.answering.ask({ workspace, chat, user, question: body.content, tags })
      await request.keepToRetell({ answer })
      if (wantsEvents(request)) return sendAnswer(request, reply, chat, answer)
      await app.answering.done(answer)
      return sendWhole(request, reply, chat, answer)
    }
  )

  app.get(
    '/api/v1/chats/:chatId/messages/:messageId',
    { onRequest: requireInside('read'), ...oneAnswer },
    async (request, reply) => {
      varyBy(reply, 'accept')
      const { workspace, chat } = await chatAt(request)
      const { answer } = await exchangesIn(chat, app.db).open(request.params.messageId)
      if (wantsEvents(request)) return sendAnswer(request, reply, chat, answer.id)
      const why = (await explained([answer], workspace, app.db)).get(answer.id)
      return { ...(await tell(chat, answer.id, request)), why }
    }
  )

  app.post(
    '/api/v1/chats/:chatId/messages/:messageId/again',
    { onRequest: requireInside('write'), ...oneAnswer },
    async (request, reply) => {
      const { messageId } = request.params
      const { workspace, chat } = await chatAt(request)
      await app.answering.again({ workspace, chat, user: request.user }, messageId)
      if (wantsEvents(request)) return sendAnswer(request, reply, chat, messageId)
      await app.answering.done(messageId)
      return tell(chat, messageId, request)
    }
  )

  app.post(
    '/api/v1/chats/:chatId/messages/:messageId/stop',
    { onRequest: requireInside('write'), ...oneAnswer },
    async (request) => {
      const { chat } = await chatAt(request)
      await app.answering.stop(chat, request.params.messageId)
      return tell(chat, request.params.messageId, request)
    }
  )
}
