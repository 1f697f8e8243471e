import type { FastifyReply, FastifyRequest } from 'fastify'
import { memoriesUsed } from '../memory/used.ts'
import { requireInside } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { varyBy } from '../plugins/vary.ts'
import { Page } from '../shapes.ts'
import { tagsToNarrowTo } from '../tags/narrowing.ts'
import { listOf, nothing } from '../told.ts'
import { type Exchange, exchangesIn } from './messages.ts'
import { chatsOf } from './mine.ts'
import { NewMessage, OneAnswer, OneChat } from './schema.ts'
import { Exchange as ExchangeShape, ExplainedExchange } from './shapes.ts'
import type { Chat } from './store.ts'
import { answerEvents } from './streaming/answer-events.ts'
import { eventStream, sendEvents, wantsEvents } from './streaming/events.ts'
import { following } from './streaming/following.ts'
import { type Told, told } from './telling.ts'
import { explained } from './why.ts'

const asItIsWritten =
  'With Accept: text/event-stream it comes as it is written: events token and citation, and at the end done or error ' +
  'with the whole of it, each with JSON as its data.'

const either = ['application/json', eventStream]

/** Asking in a chat, and what was asked and answered there. */
export async function askingApi(app: App) {
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

  /** All of it at its end. That may have taken long, and whoever asked may not read here any more. */
  async function whole(answer: string, request: FastifyRequest) {
    await request.authenticateAgain()
    return tell((await chatAt(request)).chat, answer, request)
  }

  async function sendWhole(request: FastifyRequest, reply: FastifyReply, chat: Chat, answer: string) {
    const told = await whole(answer, request)
    return reply.code(201).header('location', `/api/v1/chats/${chat.id}/messages/${answer}`).send(told)
  }

  /** The answer to a question that is sent again: as it stands now, without what has been deleted since. */
  async function retell(request: FastifyRequest, reply: FastifyReply, { answer = '' }: Record<string, string>) {
    const { chat } = await chatAt(request)
    if (wantsEvents(request)) return sendAnswer(request, reply, chat, answer)
    await app.answering.ended(chat, answer)
    return sendWhole(request, reply, chat, answer)
  }

  app.get(
    '/api/v1/chats/:chatId/messages',
    {
      onRequest: requireInside('read'),
      schema: {
        summary: 'List the questions and answers of a chat',
        params: OneChat,
        querystring: Page,
        response: { 200: listOf(ExchangeShape) }
      }
    },
    async (request) => {
      const { chat } = await chatAt(request)
      const { items, next_cursor } = await exchangesIn(chat, app.db).list(request.query)
      return { items: await tellAll(items, request), next_cursor }
    }
  )

  app.post(
    '/api/v1/chats/:chatId/messages',
    {
      onRequest: requireInside('write'),
      schema: {
        summary: 'Ask',
        description: `Answers when the answer is complete. ${asItIsWritten}`,
        params: OneChat,
        body: NewMessage,
        response: { 200: nothing('The answer as it is written, for whoever asked for events.'), 201: ExchangeShape },
        produces: { 200: [eventStream] }
      },
      config: { retell }
    },
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
    {
      onRequest: requireInside('read'),
      schema: {
        summary: 'Read an answer, and how it came about',
        description: asItIsWritten,
        params: OneAnswer,
        response: { 200: ExplainedExchange },
        produces: { 200: either }
      }
    },
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
    {
      onRequest: requireInside('write'),
      schema: {
        summary: 'Have a question answered again',
        description: `One whose answer failed or was interrupted; any other stays as it is. ${asItIsWritten}`,
        params: OneAnswer,
        response: { 200: ExchangeShape },
        produces: { 200: either }
      }
    },
    async (request, reply) => {
      const { messageId } = request.params
      const { workspace, chat } = await chatAt(request)
      await app.answering.again({ workspace, chat, user: request.user }, messageId)
      if (wantsEvents(request)) return sendAnswer(request, reply, chat, messageId)
      await app.answering.done(messageId)
      return whole(messageId, request)
    }
  )

  app.post(
    '/api/v1/chats/:chatId/messages/:messageId/stop',
    {
      onRequest: requireInside('write'),
      schema: {
        summary: 'Stop an answer that is being written',
        description: 'What there is of it stays.',
        params: OneAnswer,
        response: { 200: ExchangeShape }
      }
    },
    async (request) => {
      const { chat } = await chatAt(request)
      await app.answering.stop(chat, request.params.messageId)
      return tell(chat, request.params.messageId, request)
    }
  )
}
