import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { exchangesIn } from '../chats/messages.ts'
import { chatAt } from '../chats/open-chat.ts'
import { InAnswer } from '../chats/schema.ts'
import { titleFrom } from '../chats/store.ts'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Id, Page } from '../shapes.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { InPrompt, NewPrompt } from './schema.ts'
import { type Prompt, promptsOf } from './store.ts'

const rules = NewPrompt.properties
const mostOffered = 200
const Looking = Type.Object({ ...Page.properties, workspace: Type.Optional(Id) })

export async function promptPages(app: App) {
  /** What a prompt may be kept for: the newest workspaces, and the one it is for already. */
  async function places({ user }: FastifyRequest, { workspace_id: id, workspace_name: name }: Partial<Prompt> = {}) {
    const { items } = await workspacesOf(user, app.db).list({ limit: mostOffered })
    return !id || items.some((workspace) => workspace.id === id) ? items : [...items, { id, name }]
  }

  async function list(request: FastifyRequest): Promise<[string, object]> {
    // A form that is shown again has a query that nobody has looked at.
    const { limit, cursor, workspace } = (request.method === 'GET' ? request.query : { limit: 20 }) as {
      limit: number
      cursor?: string
      workspace?: string
    }
    const prompts = await promptsOf(request.user, app.db).list({ limit, ...(cursor && { cursor }) })
    return ['prompts/list', { rules, prompts, workspaces: await places(request), chosen: workspace }]
  }

  async function one(request: FastifyRequest): Promise<[string, object]> {
    const { promptId } = request.params as { promptId: string }
    const prompt = await promptsOf(request.user, app.db).open(promptId)
    return ['prompts/edit', { rules, prompt, workspaces: await places(request, prompt) }]
  }

  app.get('/prompts', { onRequest: requireUser, schema: { querystring: Looking } }, async (request, reply) =>
    reply.page(...(await list(request)))
  )

  app.post(
    '/prompts',
    { onRequest: requireUser, schema: { body: NewPrompt }, config: { form: list } },
    async ({ user, body }, reply) => {
      await promptsOf(user, app.db).keep(body, app.now())
      return reply.goTo('/prompts', 'prompt-kept')
    }
  )

  app.post(
    '/workspaces/:workspaceId/chats/:chatId/messages/:messageId/keep',
    { onRequest: requireUser, schema: { params: InAnswer } },
    async (request, reply) => {
      const { user, workspace, chat } = await chatAt(app, request)
      const { question } = await exchangesIn(chat, app.db).open(request.params.messageId)
      const asked = { title: titleFrom(question.content), text: question.content, workspace_id: workspace.id }
      const { id } = await promptsOf(user, app.db).keep(asked, app.now())
      return reply.goTo(`/prompts/${id}`, 'prompt-kept')
    }
  )

  app.get('/prompts/:promptId', { onRequest: requireUser, schema: { params: InPrompt } }, async (request, reply) =>
    reply.page(...(await one(request)))
  )

  app.post(
    '/prompts/:promptId',
    { onRequest: requireUser, schema: { params: InPrompt, body: NewPrompt }, config: { form: one } },
    async ({ user, params, body }, reply) => {
      // A form says everything: no workspace is every workspace.
      await promptsOf(user, app.db).change(params.promptId, { workspace_id: null, ...body }, app.now())
      return reply.goTo('/prompts', 'prompt-changed')
    }
  )

  app.post(
    '/prompts/:promptId/delete',
    { onRequest: requireUser, schema: { params: InPrompt } },
    async ({ user, params }, reply) => {
      await promptsOf(user, app.db).remove(params.promptId)
      return reply.goTo('/prompts', 'prompt-deleted')
    }
  )
}
