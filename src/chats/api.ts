import { wholeText } from '../memory/gists.ts'
import { memoriesUsed, type Used } from '../memory/used.ts'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { deletingChat } from './deleting.ts'
import { type Exchange, exchangesOf } from './messages.ts'
import { chatsOf } from './mine.ts'
import { ChatChange, ChatList, NewChat, NewMessage, OneChat } from './schema.ts'
import { chatsIn, renameChat } from './store.ts'

/** An exchange as the API tells it. */
function told({ question, answer }: Exchange, used: Used[] = []) {
  const citations = answer?.citations.map(({ n, document_id, passage_id, title, quote }) => ({
    n,
    document_id,
    passage_id,
    title,
    quote
  }))
  const memories = used.map((memory) => ({ id: memory.id, text: wholeText(memory) }))
  return {
    question: { id: question.id, content: question.content },
    answer: answer && { id: answer.id, content: answer.text, status: answer.state, citations, memories }
  }
}

export async function chatApi(app: App) {
  const oneChat = { onRequest: requireUser, schema: { params: OneChat } }

  app.get('/api/v1/chats', { onRequest: requireUser, schema: { querystring: ChatList } }, async ({ user, query }) => {
    const { workspace_id, ...wanted } = query
    if (!workspace_id) return chatsOf(user, app.db).list(wanted)
    return chatsIn(await workspacesOf(user, app.db).open(workspace_id), user, app.db).list(wanted)
  })

  app.post('/api/v1/chats', { onRequest: requireUser, schema: { body: NewChat } }, async ({ user, body }, reply) => {
    const workspace = await workspacesOf(user, app.db).open(body.workspace_id)
    const chat = await chatsIn(workspace, user, app.db).start(body.title ?? 'New chat', app.now())
    return reply.code(201).send(chat)
  })

  app.get('/api/v1/chats/:chatId', oneChat, async ({ user, params }) => {
    const { chat } = await chatsOf(user, app.db).open(params.chatId)
    return chat
  })

  app.patch(
    '/api/v1/chats/:chatId',
    { onRequest: requireUser, schema: { params: OneChat, body: ChatChange } },
    async ({ user, params, body }) => {
      const { chat } = await chatsOf(user, app.db).open(params.chatId)
      await renameChat(chat, body.title, app.db, app.now())
      return { ...chat, title: body.title }
    }
  )

  app.delete('/api/v1/chats/:chatId', oneChat, async ({ user, params }, reply) => {
    const { chat } = await chatsOf(user, app.db).open(params.chatId)
    await deletingChat(app, chat)
    return reply.code(204).send()
  })

  app.get('/api/v1/chats/:chatId/messages', oneChat, async ({ user, params }) => {
    const { chat } = await chatsOf(user, app.db).open(params.chatId)
    const exchanges = await exchangesOf(chat, app.db)
    const answers = exchanges.flatMap(({ answer }) => answer?.id ?? [])
    const used = await memoriesUsed(answers, user, app.db)
    return { items: exchanges.map((one) => told(one, used[one.answer?.id ?? ''])), next_cursor: null }
  })

  app.post(
    '/api/v1/chats/:chatId/messages',
    { onRequest: requireUser, schema: { params: OneChat, body: NewMessage } },
    async ({ user, params, body }, reply) => {
      const { workspace, chat } = await chatsOf(user, app.db).open(params.chatId)
      const asked = await app.answering.ask({ workspace, chat, user, question: body.content })
      await app.answering.done(asked.answer)
      const exchange = (await exchangesOf(chat, app.db)).find(({ question }) => question.id === asked.question)
      const used = await memoriesUsed([asked.answer], user, app.db)
      return reply.code(201).send(told(exchange as Exchange, used[asked.answer]))
    }
  )
}
