import type { FastifyRequest } from 'fastify'
import { memoriesUsed } from '../memory/used.ts'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { InWorkspace } from '../workspaces/schema.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { deletingChat } from './deleting.ts'
import { exchangesOf } from './messages.ts'
import { InChat, Question, Rename } from './schema.ts'
import { shownExchanges } from './showing.ts'
import { chatsIn, renameChat } from './store.ts'

type Params = { workspaceId: string; chatId: string }

export async function chatPages(app: App) {
  async function inWorkspace(request: FastifyRequest) {
    const workspace = await workspacesOf(request.user, app.db).open((request.params as Params).workspaceId)
    return { workspace, chats: chatsIn(workspace, request.user, app.db) }
  }

  async function open(request: FastifyRequest) {
    const { workspace, chats } = await inWorkspace(request)
    return { workspace, chat: await chats.open((request.params as Params).chatId) }
  }

  const chatPage = async (request: FastifyRequest): Promise<[string, object]> => {
    const { workspace, chat } = await open(request)
    const exchanges = shownExchanges(await exchangesOf(chat, app.db), workspace.id)
    const writing = exchanges.some(({ answer }) => answer?.state === 'writing')
    const answers = exchanges.flatMap(({ answer }) => answer?.id ?? [])
    const remembered = await memoriesUsed(answers, request.user, app.db)
    return ['chats/show', { rules: Question.properties, workspace, chat, exchanges, remembered, writing }]
  }

  const settingsForm = async (request: FastifyRequest): Promise<[string, object]> => [
    'chats/settings',
    { rules: Rename.properties, ...(await open(request)) }
  ]

  app.post(
    '/workspaces/:workspaceId/chats',
    { onRequest: requireUser, schema: { params: InWorkspace, body: Question }, config: { form: newChatForm } },
    async (request, reply) => {
      const { workspace, chats } = await inWorkspace(request)
      const { question } = request.body
      const chat = await chats.start(question, app.now())
      await app.answering.ask({ workspace, chat, user: request.user, question })
      return reply.goTo(`/workspaces/${workspace.id}/chats/${chat.id}`)
    }
  )

  async function newChatForm(request: FastifyRequest): Promise<[string, object]> {
    const { workspace } = await inWorkspace(request)
    return ['chats/new', { rules: Question.properties, workspace }]
  }

  app.get(
    '/workspaces/:workspaceId/chats/:chatId',
    { onRequest: requireUser, schema: { params: InChat } },
    async (request, reply) => {
      const [view, data] = await chatPage(request)
      return reply.page(view, data)
    }
  )

  app.post(
    '/workspaces/:workspaceId/chats/:chatId/messages',
    { onRequest: requireUser, schema: { params: InChat, body: Question }, config: { form: chatPage } },
    async (request, reply) => {
      const { workspace, chat } = await open(request)
      await app.answering.ask({ workspace, chat, user: request.user, question: request.body.question })
      return reply.goTo(`/workspaces/${workspace.id}/chats/${chat.id}#latest`)
    }
  )

  app.get(
    '/workspaces/:workspaceId/chats/:chatId/settings',
    { onRequest: requireUser, schema: { params: InChat } },
    async (request, reply) => reply.page(...(await settingsForm(request)))
  )

  app.post(
    '/workspaces/:workspaceId/chats/:chatId/rename',
    { onRequest: requireUser, schema: { params: InChat, body: Rename }, config: { form: settingsForm } },
    async (request, reply) => {
      const { workspace, chat } = await open(request)
      await renameChat(chat, request.body.title, app.db, app.now())
      return reply.goTo(`/workspaces/${workspace.id}/chats/${chat.id}`, 'chat-renamed')
    }
  )

  app.post(
    '/workspaces/:workspaceId/chats/:chatId/delete',
    { onRequest: requireUser, schema: { params: InChat } },
    async (request, reply) => {
      const { workspace, chat } = await open(request)
      await deletingChat(app, chat)
      return reply.goTo(`/workspaces/${workspace.id}`, 'chat-deleted')
    }
  )
}
