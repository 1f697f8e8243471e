import { requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { listOf, nothing, refused } from '../told.ts'
import { InPrompt, NewPrompt, Prompt, PromptChange } from './schema.ts'
import { promptsOf } from './store.ts'

export async function promptApi(app: App) {
  app.get(
    '/api/v1/prompts',
    {
      onRequest: requireScope('read'),
      schema: {
        summary: 'List your prompts',
        description: 'Questions that you have kept to ask again. Nobody else sees them.',
        querystring: Page,
        response: { 200: listOf(Prompt) }
      }
    },
    ({ user, query }) => promptsOf(user, app.db).list(query)
  )

  app.post(
    '/api/v1/prompts',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Keep a prompt',
        body: NewPrompt,
        response: { 201: Prompt, 409: refused('You have as many prompts as you may have.') }
      }
    },
    async ({ user, body }, reply) => reply.code(201).send(await promptsOf(user, app.db).keep(body, app.now()))
  )

  app.get(
    '/api/v1/prompts/:promptId',
    {
      onRequest: requireScope('read'),
      schema: { summary: 'Read a prompt', params: InPrompt, response: { 200: Prompt } }
    },
    ({ user, params }) => promptsOf(user, app.db).open(params.promptId)
  )

  app.patch(
    '/api/v1/prompts/:promptId',
    {
      onRequest: requireScope('write'),
      schema: { summary: 'Change a prompt', params: InPrompt, body: PromptChange, response: { 200: Prompt } }
    },
    ({ user, params, body }) => promptsOf(user, app.db).change(params.promptId, body, app.now())
  )

  app.delete(
    '/api/v1/prompts/:promptId',
    {
      onRequest: requireScope('write'),
      schema: { summary: 'Delete a prompt', params: InPrompt, response: { 204: nothing('The prompt is gone.') } }
    },
    async ({ user, params }, reply) => {
      await promptsOf(user, app.db).remove(params.promptId)
      return reply.code(204).send()
    }
  )
}
