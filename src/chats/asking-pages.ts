import type { FastifyReply, FastifyRequest } from 'fastify'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { namesIn } from '../tags/name.ts'
import { tagsToNarrowTo } from '../tags/narrowing.ts'
import { InWorkspace } from '../workspaces/schema.ts'
import type { Workspace } from '../workspaces/store.ts'
import { chatPage, shownExchange } from './chat-page.ts'
import { chatAt, chatsAt } from './open-chat.ts'
import { InAnswer, InChat, Question } from './schema.ts'
import type { Chat } from './store.ts'
import { articleEvents } from './streaming/article-events.ts'
import { sendEvents, wantsEvents } from './streaming/events.ts'
import { following } from './streaming/following.ts'

type Place = { workspace: Workspace; chat: Chat }

/** Putting questions, and what may be done with an answer that did not come to its end. */
export async function askingPages(app: App) {
  const newChatForm = async (request: FastifyRequest): Promise<[string, object]> => [
    'chats/new',
    { rules: Question.properties, workspace: (await chatsAt(app, request)).workspace }
  ]
  const chatForm = async (request: FastifyRequest): Promise<[string, object]> => [
    'chats/show',
    await chatPage(await chatAt(app, request), app.db)
  ]

  /** To the page, which grows; or, for a page that is open already, the answer as it is written. */
  function answered(request: FastifyRequest, reply: FastifyReply, { workspace, chat }: Place, answer: string) {
    if (!wantsEvents(request)) return reply.goTo(`/workspaces/${workspace.id}/chats/${chat.id}#latest`)
    const coming = following(app, request, chat, () => chatAt(app, request))(answer)
    async function article() {
      const exchange = await shownExchange({ user: request.user, workspace, chat }, answer, app.db)
      return reply.partText('chats/_exchange', { workspace, chat, exchange })
    }
    return sendEvents(reply, articleEvents(coming, workspace, article))
  }

  app.post(
    '/workspaces/:workspaceId/chats',
    { onRequest: requireUser, schema: { params: InWorkspace, body: Question }, config: { form: newChatForm } },
    async (request, reply) => {
      const { user, workspace } = await chatsAt(app, request)
      const { question } = request.body
      const tags = await tagsToNarrowTo(namesIn(request.body.tags), user, app.db)
      const chat = await app.answering.askAnew({ workspace, user, question, tags })
      return reply.goTo(`/workspaces/${workspace.id}/chats/${chat.id}`)
    }
  )

  app.post(
    '/workspaces/:workspaceId/chats/:chatId/messages',
    { onRequest: requireUser, schema: { params: InChat, body: Question }, config: { form: chatForm } },
    async (request, reply) => {
      const { user, ...place } = await chatAt(app, request)
      const tags = await tagsToNarrowTo(namesIn(request.body.tags), user, app.db)
      const { answer } = await app.answering.ask({ ...place, user, question: request.body.question, tags })
      return answered(request, reply, place, answer)
    }
  )

  app.post(
    '/workspaces/:workspaceId/chats/:chatId/messages/:messageId/again',
    { onRequest: requireUser, schema: { params: InAnswer } },
    async (request, reply) => {
      const { user, ...place } = await chatAt(app, request)
      await app.answering.again({ ...place, user }, request.params.messageId)
      return answered(request, reply, place, request.params.messageId)
    }
  )

  app.post(
    '/workspaces/:workspaceId/chats/:chatId/messages/:messageId/stop',
    { onRequest: requireUser, schema: { params: InAnswer } },
    async (request, reply) => {
      const { workspace, chat } = await chatAt(app, request)
      await app.answering.stop(chat, request.params.messageId)
      return reply.goTo(`/workspaces/${workspace.id}/chats/${chat.id}#latest`)
    }
  )
}
