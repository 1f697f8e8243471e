import { Type } from 'typebox'
import { NotFound } from '../errors.ts'
import { anyone } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { siteOf } from '../plugins/site.ts'
import { scopes } from '../scopes.ts'
import { commonOf } from './common.ts'
import { inBraces, openApiOf, toldOf } from './openapi.ts'
import { groupOf, nameOf } from './operation.ts'
import { shown } from './showing.ts'

const Group = Type.Object({ group: Type.String({ pattern: '^[a-z-]{1,40}$' }) })

/** Made by the first who asks for it; by then every route is there. */
function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => (made ??= make())
}

/**
 * The reference of the JSON API. It is the same for everybody, and tells nothing of anybody; and as anybody may ask for
 * it, what it takes is done once.
 */
export async function referencePages(app: App) {
  const document = once(() => openApiOf(app.routeTable))
  const common = once(() => commonOf(document()))
  const groups = once(() => {
    const routes = toldOf(app.routeTable)
    return document().tags.map(({ name }) => ({
      name,
      operations: once(() => about(name).map((route) => shown(route, document(), common()))),
      routes: about(name).map((route) => ({ ...route, path: inBraces(route.url), id: nameOf(route.method, route.url) }))
    }))

    function about(group: string) {
      return routes.filter(({ url }) => groupOf(url) === group)
    }
  })
  const written = once(() => {
    const { openapi, info, ...rest } = document()
    return { head: JSON.stringify({ openapi, info }).slice(0, -1), rest: Buffer.from(JSON.stringify(rest).slice(1)) }
  })

  app.get('/docs', { onRequest: anyone }, async (request, reply) =>
    reply.page('reference/start', { groups: groups(), scopes, common: common(), site: siteOf(app, request) })
  )

  app.get('/docs/json', { onRequest: anyone }, async (request, reply) => {
    const { head, rest } = written()
    const here = Buffer.from(`${head},"servers":${JSON.stringify([{ url: siteOf(app, request) }])},`)
    reply.header('cache-control', 'private, no-cache').type('application/json; charset=utf-8')
    return reply.send(Buffer.concat([here, rest]))
  })

  app.get('/docs/:group', { onRequest: anyone, schema: { params: Group } }, async (request, reply) => {
    const { group } = request.params
    const about = groups().find(({ name }) => name === group)
    if (!about) throw new NotFound()
    return reply.page('reference/group', { group, groups: groups(), operations: about.operations() })
  })
}
