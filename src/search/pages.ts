import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { tagsOf } from '../tags/store.ts'
import { InWorkspace } from '../workspaces/schema.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { marked } from './marking.ts'
import { SearchHere } from './schema.ts'

export async function searchPages(app: App) {
  app.get(
    '/workspaces/:workspaceId/search',
    { onRequest: requireUser, schema: { params: InWorkspace, querystring: SearchHere } },
    async ({ user, params, query }, reply) => {
      const workspace = await workspacesOf(user, app.db).open(params.workspaceId)
      const tag = query.tag ? await tagsOf(user, app.db).open(query.tag) : undefined
      const asked = query.q.trim()
      const narrowed = { q: asked, limit: query.limit, tags: tag ? [tag.id] : [] }
      const found = await app.searching.find(workspace, narrowed, user)
      const items = found.map((item) => ({ ...item, pieces: marked(item.text, asked) }))
      return reply.page('search/results', { workspace, tag, asked, items, lexicalOnly: !app.searching.embedder })
    }
  )
}
