import { requireInside } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { PassagesFound, SearchJson } from './schema.ts'

export async function searchApi(app: App) {
  app.get(
    '/api/v1/search',
    {
      onRequest: requireInside('read'),
      schema: {
        summary: 'Search the documents of a workspace',
        description: 'By words and, where Carrel has a model for it, by meaning.',
        querystring: SearchJson,
        response: { 200: PassagesFound }
      }
    },
    async ({ user, query }) => {
      const { workspace_id, tag, ...asked } = query
      const workspace = await workspacesOf(user, app.db).open(workspace_id)
      return { items: await app.searching.find(workspace, { ...asked, tags: tag ? [tag] : [] }, user) }
    }
  )
}
