import type { KyselyPlugin } from 'kysely'
import t from 'tap'
import { serializerFor } from '../../src/plugins/serialising.ts'
import { check, validatorFor } from '../../src/plugins/validation.ts'
import { Tag } from '../../src/tags/schema.ts'
import { tagsOf } from '../../src/tags/store.ts'
import { furnish } from '../contract/desk.ts'
import { type ApiRoute, apiRoutesOf, type Part, partsOf } from '../support/answers.ts'
import { password, startApp } from '../support/carrel.ts'
import { inTurn } from '../support/in-turn.ts'

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
    const ofJson = (status: string) => route.schema.produces?.[Number(status)]?.includes('application/json') ?? true
    for (const status of done.filter((one) => one !== '204' && ofJson(one)))
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

/** Every row of every query with something beside what was asked for. */
const withCanary: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({ ...result, rows: result.rows.map((row) => ({ ...row, canary: 'sings' })) })
}

t.test('what a store finds beside what is told does not reach an answer', async (t) => {
  const { app, ann, ask, ids, operations, visitor } = await furnish(t)
  app.db = app.db.withPlugin(withCanary)
  const { items } = await tagsOf({ id: (await ann.me()).id }, app.db).list({ limit: 1 })
  t.match(items[0], { canary: 'sings' }, 'it is there to be told')
  for (const operation of inTurn(operations).filter(({ method }) => method !== 'DELETE')) {
    const answer = await ask(operation, { as: operation.security.length > 0 ? ann : visitor(), ids })
    t.ok(answer.statusCode < 300, `${operation.name} ${answer.statusCode}`)
    t.notMatch(answer.body, /canary|sings/, operation.name)
  }
})

t.test('what somebody has put there is told as it was sent', async (t) => {
  const { visitor } = await startApp(t)
  const ann = visitor()
  const context = { answers: 'short', deep: { list: [1, null, 'a "quote" \u2028'] } }
  const newcomer = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password, context }
  t.same((await ann.api('POST', '/api/auth/signup', newcomer)).json().user.context, context)
  t.same((await ann.open('/api/v1/auth/me')).json().context, context)
  const tags = { model_name: 'none', is_cot: false, document_count: 1, more: 2 }
  const made = await ann.api('POST', '/api/v1/instances', { upload_name: 'A loader', tags })
  t.match((await ann.open(String(made.headers.location))).json(), { tags })
})
