import type { KyselyPlugin } from 'kysely'
import t from 'tap'
import { serializerFor } from '../../src/plugins/serialising.ts'
import { check, validatorFor } from '../../src/plugins/validation.ts'
import { Tag } from '../../src/tags/schema.ts'
import { tagsOf } from '../../src/tags/store.ts'
import { type ApiRoute, apiRoutesOf, type Part, partsOf, unlike } from '../support/answers.ts'
import type { Browser } from '../support/browser.ts'
import { password, startApp } from '../support/carrel.ts'
import { aProgram, context, fullDesk, type Ids } from '../support/full-desk.ts'

const named = ({ method, url }: ApiRoute) => `${method} ${url}`

/** The fields of a schema, and of those within it, that no description explains. */
function unexplained(part: Part, path = ''): string[] {
  const own = Object.entries(part.properties ?? {}).filter(([, field]) => !/^[A-Z].+\.$/.test(`${field.description}`))
  const within = Object.entries(part).flatMap(([keyword, inner]) =>
    typeof inner === 'object' && inner !== null && !['examples', 'enum', 'default'].includes(keyword)
      ? unexplained(inner as Part, `${path}/${keyword}`)
      : []
  )
  return [...own.map(([name]) => `${path}/${name}`), ...within]
}

t.test('every route says what it does, what it answers, and what each field is', async (t) => {
  const routes = apiRoutesOf(await startApp(t))
  const summaries = routes.map(({ schema }) => schema.summary)
  t.equal(new Set(summaries).size, routes.length, 'no two say the same')
  for (const route of routes) {
    t.match(route.schema.summary, /^[A-Z].+[^.]$/, named(route))
    const done = Object.keys(route.schema.response).filter((status) => status.startsWith('2'))
    t.ok(done.length > 0, `${named(route)} says what comes of it`)
    for (const status of done.filter((one) => one !== '204'))
      t.match(route.schema.response[status], { title: /^[A-Z]\w+$/, type: 'object' }, named(route))
    t.same(
      partsOf(route.schema).flatMap((part) => unexplained(part)),
      [],
      named(route)
    )
  }
})

t.test('every body has an example that is taken', async (t) => {
  for (const route of apiRoutesOf(await startApp(t)).filter(({ schema }) => schema.body)) {
    const body = partsOf({ ...route.schema, params: undefined, querystring: undefined, response: {} })[0] as Part
    const examples = (body.examples ?? []) as object[]
    t.ok(examples.length > 0, named(route))
    for (const example of examples) t.doesNotThrow(() => check(body, structuredClone(example)), named(route))
  }
})

t.test('every schema can be made sense of, though that is left until it is needed', async (t) => {
  const { app } = await startApp(t)
  for (const { method, url, schema = {} } of app.routeTable) {
    const { response, body, params, querystring } = schema as ApiRoute['schema']
    const { content } = (body ?? {}) as { content?: Record<string, { schema: object }> }
    const bodies = content ? Object.values(content).map((one) => one.schema) : [body]
    for (const one of bodies.filter(Boolean)) validatorFor({ schema: one as object, httpPart: 'body' })({})
    for (const one of [params, querystring].filter(Boolean)) validatorFor({ schema: one as object })({})
    for (const one of Object.values(response ?? {}))
      t.equal(serializerFor({ schema: one })({}), '{}', `${method} ${url}`)
  }
})

t.test('an answer that lacks something is still an answer, without what nobody listed', async (t) => {
  t.equal(serializerFor({ schema: Tag })({ id: 'x', secret: 'y' }), '{"id":"x"}')
})

/** What each route is sent; a route that is not here takes nothing. */
const sent: Record<string, (ids: Ids) => object> = {
  'POST /api/auth/signup': () => ({ firstName: 'Dan', lastName: 'Arbor', email: 'dan@example.com', password }),
  'POST /api/v1/auth/login': () => ({ username: 'ann', password }),
  'POST /api/v1/auth/refresh': ({ refreshToken }) => ({ refresh_token: refreshToken }),
  'PATCH /api/v1/auth/me': () => ({ firstName: 'Anna' }),
  'PATCH /api/v1/auth/password': () => ({ current_password: password, password: `${password} anew` }),
  'POST /api/v1/api-keys': () => ({ name: 'A script', scopes: ['read'], expires_at: '2098-01-01T00:00:00Z' }),
  'PATCH /api/v1/api-keys/:keyId': () => ({ name: 'Renamed' }),
  'POST /api/v1/instances': () => aProgram,
  'PATCH /api/v1/instances/:instanceId': () => ({ disabled: true }),
  'POST /api/v1/workspaces': () => ({ name: 'Another' }),
  'PATCH /api/v1/workspaces/:workspaceId': () => ({ description: 'Leases' }),
  'PATCH /api/v1/workspaces/:workspaceId/members/:accountId': () => ({ role: 'editor' }),
  'POST /api/v1/invites': ({ workspaceId }) => ({ workspace_id: workspaceId, role: 'viewer' }),
  'POST /api/v1/invites/accept': ({ code }) => ({ code }),
  'POST /api/v1/documents': ({ workspaceId }) => ({ workspace_id: workspaceId, text: 'Keys with the neighbour.' }),
  'PATCH /api/v1/documents/:documentId': () => ({ title: 'The lease' }),
  'POST /api/v1/chats': ({ workspaceId }) => ({ workspace_id: workspaceId }),
  'PATCH /api/v1/chats/:chatId': () => ({ title: 'The deposit' }),
  'POST /api/v1/chats/:chatId/messages': () => ({ content: 'And who has the keys?' }),
  'POST /api/v1/memories': () => ({ text: 'I like short answers.' }),
  'PATCH /api/v1/memories/:memoryId': () => ({ text: 'I rent a flat in York.' }),
  'POST /api/v1/prompts': ({ workspaceId }) => ({ title: 'Keys', text: 'Who has keys?', workspace_id: workspaceId }),
  'PATCH /api/v1/prompts/:promptId': () => ({ workspace_id: null }),
  'POST /api/v1/tags': () => ({ name: 'keys' }),
  'PATCH /api/v1/tags/:tagId': () => ({ name: 'home' }),
  'PATCH /api/v1/tasks/:taskId': () => ({ status: 'dismissed' })
}

const makesSession = ({ url }: ApiRoute) => /signup|login/.test(url)

function call(who: Browser, route: ApiRoute, ids: Ids, headers: Record<string, string> = {}) {
  const path = route.url.replaceAll(/:(\w+)/g, (_, name) => ids[name] as string)
  const query = path === '/api/v1/search' ? `?workspace_id=${ids.workspaceId}&q=deposit` : ''
  return who.request(route.method as 'GET', path + query, sent[named(route)]?.(ids), headers)
}

const steps = ['GET', 'POST', 'PATCH', 'DELETE']
/** These end sessions, the last of them the one they are asked with. */
const atTheEnd = ['/api/v1/auth/password', '/api/v1/auth/logout']
/** What is read before what is changed, what is changed before what is deleted, and what is within first. */
const inTurn = (routes: ApiRoute[]) =>
  routes
    .filter(({ url }) => !atTheEnd.includes(url))
    .sort((a, b) => steps.indexOf(a.method) - steps.indexOf(b.method) || (`${a.url}~` < `${b.url}~` ? -1 : 1))
    .concat(atTheEnd.flatMap((url) => routes.filter((route) => route.url === url)))

t.test('every route answers what it says it answers, when all is well', async (t) => {
  const desk = await fullDesk(t)
  const { ann, ids, signedUp } = desk
  t.same(signedUp.json().user.context, context)
  t.same((await ann.open('/api/v1/auth/me')).json().context, context)
  t.match((await ann.open(`/api/v1/instances/${ids.instanceId}`)).json(), { tags: aProgram.tags })
  for (const route of inTurn(apiRoutesOf(desk))) {
    const answer = await call(makesSession(route) ? desk.visitor() : ann, route, ids)
    t.ok(answer.statusCode < 300, `${named(route)}: ${answer.statusCode}`)
    t.same(unlike(route, answer), [], named(route))
  }
})

t.test('every route refuses as it says it refuses', async (t) => {
  const desk = await fullDesk(t)
  const { ann, bob, ids } = desk
  const scopes = ['email']
  const { key } = (await ann.api('POST', '/api/v1/api-keys', { name: 'Little', scopes })).json()
  const cleo = await desk.person('Cleo')
  const xml = { 'content-type': 'text/xml' }
  const elsewhere = { 'sec-fetch-site': 'cross-site' }
  const letters = ['{', '[]', '"text"', '{"role":"king","title":7,"name":[]}']
  for (const route of apiRoutesOf(desk)) {
    const reads = route.method === 'GET'
    const refusals = [
      await call(desk.visitor(), route, ids),
      await call(desk.visitor(), route, ids, { 'x-api-key': key }),
      await call(cleo, route, ids, reads ? {} : elsewhere),
      ...(route.url.endsWith('/logout') ? [] : [await call(cleo, route, ids)])
    ]
    const path = route.url.replaceAll(/:(\w+)/g, (_, name) => ids[name] as string)
    if (reads && route.schema.querystring) refusals.push(await ann.open(`${path}?limit=no`))
    if (route.schema.body) {
      const json = { 'content-type': 'application/json' }
      for (const letter of letters) refusals.push(await ann.request(route.method as 'POST', path, letter, json))
      refusals.push(await ann.request(route.method as 'POST', path, '<a/>', xml))
      refusals.push(await ann.request(route.method as 'POST', path, `"${'x'.repeat(5e6)}"`, json))
      refusals.push(await call(bob, route, ids))
    }
    t.same([...new Set(refusals.flatMap((answer) => unlike(route, answer)))], [], named(route))
  }
})

/** Every row of every query with something beside what was asked for. */
const withCanary: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({ ...result, rows: result.rows.map((row) => ({ ...row, canary: 'sings' })) })
}

t.test('what a store finds beside what is told does not reach an answer', async (t) => {
  const desk = await fullDesk(t)
  const { app, ann, ids, visitor } = desk
  app.db = app.db.withPlugin(withCanary)
  const { items } = await tagsOf({ id: (await ann.me()).id }, app.db).list({ limit: 1 })
  t.match(items[0], { canary: 'sings' }, 'it is there to be told')
  for (const route of inTurn(apiRoutesOf(desk)).filter(({ method }) => method !== 'DELETE')) {
    const answer = await call(makesSession(route) ? visitor() : ann, route, ids)
    t.ok(answer.statusCode < 300, `${named(route)} ${answer.statusCode}`)
    t.notMatch(answer.body, /canary|sings/, named(route))
  }
})
