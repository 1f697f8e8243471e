import { requireInside } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { SearchJson } from './schema.ts'

export async function searchApi(app: App) {
  app.get(
    '/api/v1/search',
    { onRequest: requireInside('read'), schema: { querystring: SearchJson } },
    async ({ user, query }) => {
      const { workspace_id, tag, ...asked } = query
      const workspace = await workspacesOf(user, app.db).open(workspace_id)
      return { items: await app.searching.find(workspace, { ...asked, tags: tag ? [tag] : [] }, user) }
    }
  )
}
