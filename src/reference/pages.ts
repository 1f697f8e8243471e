import { Type } from 'typebox'
import { NotFound } from '../errors.ts'
import { anyone } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { siteOf } from '../plugins/site.ts'
import { scopes } from '../scopes.ts'
import { commonOf } from './common.ts'
import { inBraces, type OpenApi, openApiOf, toldOf } from './openapi.ts'
import { groupOf, nameOf } from './operation.ts'
import { shown } from './showing.ts'

const Group = Type.Object({ group: Type.String({ pattern: '^[a-z-]{1,40}$' }) })

/** The reference of the JSON API. It is the same for everybody, and tells nothing of anybody. */
export async function referencePages(app: App) {
  let made: OpenApi | undefined
  /** Made when it is first asked for: by then every route is there. */
  function document() {
    made ??= openApiOf(app.routeTable)
    return made
  }

  /** What there is, by what it is about. */
  function groups() {
    const routes = toldOf(app.routeTable)
    return document().tags.map(({ name }) => ({
      name,
      routes: routes
        .filter(({ url }) => groupOf(url) === name)
        .map((route) => ({ ...route, path: inBraces(route.url), id: nameOf(route.method, route.url) }))
    }))
  }

  app.get('/docs', { onRequest: anyone }, async (request, reply) =>
    reply.page('reference/start', {
      groups: groups(),
      scopes,
      common: commonOf(document()),
      site: siteOf(app, request)
    })
  )

  app.get('/docs/json', { onRequest: anyone }, async (request) => {
    const { openapi, info, ...rest } = document()
    return { openapi, info, servers: [{ url: siteOf(app, request) }], ...rest }
  })

  app.get('/docs/:group', { onRequest: anyone, schema: { params: Group } }, async (request, reply) => {
    const { group } = request.params
    const about = groups().find(({ name }) => name === group)
    if (!about) throw new NotFound()
    const common = commonOf(document())
    const operations = about.routes.map((route) => shown(route, document(), common))
    return reply.page('reference/group', { group, groups: groups(), operations })
  })
}
