import { Type } from 'typebox'
import { NotFound } from '../errors.ts'
import { anyone } from '../plugins/access.ts'
import { isApiPath } from '../plugins/api.ts'
import type { App } from '../plugins/app-type.ts'
import { siteOf } from '../plugins/site.ts'
import { scopes } from '../scopes.ts'
import { groupOf, openApiOf } from './openapi.ts'
import { shown } from './showing.ts'

const Group = Type.Object({ group: Type.String({ pattern: '^[a-z-]{1,40}$' }) })

/** The reference of the JSON API. It is the same for everybody, and tells nothing of anybody. */
export async function referencePages(app: App) {
  const routes = () => app.routeTable.filter(({ method, url }) => isApiPath(url) && method !== 'HEAD')

  /** What there is, by what it is about. */
  function groups() {
    const names = [...new Set(routes().map(({ url }) => groupOf(url)))]
    const summaryOf = (schema: object) => (schema as { summary?: string }).summary
    return names.map((name) => ({
      name,
      routes: routes()
        .filter(({ url }) => groupOf(url) === name)
        .map(({ method, url, schema }) => ({ method, url, summary: summaryOf(schema) }))
    }))
  }

  app.get('/docs', { onRequest: anyone }, async (request, reply) =>
    reply.page('reference/start', { groups: groups(), scopes, site: siteOf(app, request) })
  )

  app.get('/docs/json', { onRequest: anyone }, async (request) => openApiOf(routes(), siteOf(app, request)))

  app.get('/docs/:group', { onRequest: anyone, schema: { params: Group } }, async (request, reply) => {
    const { group } = request.params
    const all = routes().filter(({ url }) => groupOf(url) === group)
    if (all.length === 0) throw new NotFound()
    const document = openApiOf(all, siteOf(app, request))
    const operations = all.map((route) => shown(route, document))
    return reply.page('reference/group', { group, groups: groups(), operations })
  })
}
