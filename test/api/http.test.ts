import t, { type Test } from 'tap'
import { newId } from '../../src/ids.ts'
import type { Browser } from '../support/browser.ts'
import { password, startApp } from '../support/carrel.ts'

const json = { 'content-type': 'application/json' }
const type = 'application/json; charset=utf-8'
const limits = { 'ratelimit-limit': /^\d+$/, 'ratelimit-remaining': /^\d+$/, 'ratelimit-reset': /^\d+$/ }

/** What makes one thing of each kind, and what changes it; a route that is missing here is tried without a body. */
const program = { upload_name: 'A loader', tags: { model_name: 'none', is_cot: false, document_count: 0 } }

const bodies: Record<string, (ids: Record<string, string>) => object> = {
  '/api/auth/signup': () => ({ firstName: 'New', lastName: 'Comer', email: `${newId()}@example.com`, password }),
  '/api/v1/auth/login': () => ({ username: 'ann', password }),
  '/api/v1/auth/me': () => ({ firstName: 'Ann' }),
  '/api/v1/auth/password': () => ({ current_password: password, password }),
  '/api/v1/workspaces': () => ({ name: 'Flat' }),
  '/api/v1/workspaces/:workspaceId': () => ({ name: 'Flat' }),
  '/api/v1/workspaces/:workspaceId/members/:accountId': () => ({ role: 'editor' }),
  '/api/v1/invites': ({ workspaceId: workspace_id }) => ({ workspace_id, role: 'viewer' }),
  '/api/v1/documents': ({ workspaceId: workspace_id }) => ({ workspace_id, text: newId() }),
  '/api/v1/documents/:documentId': () => ({ title: 'Lease' }),
  '/api/v1/tags': () => ({ name: newId() }),
  '/api/v1/tags/:tagId': () => ({ name: newId() }),
  '/api/v1/prompts': () => ({ title: 'What is due', text: 'What is due?' }),
  '/api/v1/prompts/:promptId': () => ({ title: 'What is due' }),
  '/api/v1/chats': ({ workspaceId: workspace_id }) => ({ workspace_id }),
  '/api/v1/chats/:chatId': () => ({ title: 'Leases' }),
  '/api/v1/chats/:chatId/messages': () => ({ content: 'Why?' }),
  '/api/v1/memories': () => ({ text: newId() }),
  '/api/v1/memories/:memoryId': () => ({ text: newId() }),
  '/api/v1/preferences': () => ({ language: 'Italian' }),
  '/api/v1/tasks/:taskId': () => ({ status: 'open' }),
  '/api/v1/api-keys': () => ({ name: 'A script', scopes: ['read'] }),
  '/api/v1/api-keys/:keyId': () => ({ name: 'A script' }),
  '/api/v1/instances': () => program,
  '/api/v1/instances/:instanceId': () => program
}

const sendsFile = /\/(?:original|export)$/

/** Ann with one of everything, and all the routes of the API with what is hers in their addresses. */
async function annAndRoutes(t: Test, settings = {}) {
  const carrel = await startApp(t, settings)
  const [ann, bob] = [await carrel.person('Ann'), await carrel.person('Bob')]
  await carrel.app.reading.stop()
  const workspaceId = await ann.makesWorkspace('Flat')
  await bob.accepts(await ann.invites(workspaceId, 'viewer'))
  await ann.invites(workspaceId, 'viewer')
  const ids: Record<string, string> = { workspaceId, accountId: (await bob.me()).id }
  const first = async (list: string) => (await ann.open(`/api/v1/${list}`)).json().items[0].id
  for (const [name, list] of [
    ['documentId', 'documents'],
    ['tagId', 'tags'],
    ['promptId', 'prompts'],
    ['chatId', 'chats'],
    ['memoryId', 'memories'],
    ['keyId', 'api-keys'],
    ['instanceId', 'instances']
  ] as const) {
    const made = (await ann.api('POST', `/api/v1/${list}`, bodies[`/api/v1/${list}`]?.(ids))).json()
    ids[name] = made.id ?? made.instance_id
  }
  const asked = await ann.api('POST', `/api/v1/chats/${ids.chatId}/messages`, { content: 'Why?' })
  ids.messageId = asked.json().answer.id
  for (const [name, list] of Object.entries({ inviteId: 'invites', taskId: 'tasks', sessionId: 'sessions' })) {
    ids[name] = await first(list)
  }
  const routes = carrel.app.routeTable
    .filter(({ url }) => url.startsWith('/api/'))
    .map(({ method, url }) => ({
      method: method as 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE',
      url,
      path: url.replaceAll(/:(\w+)/g, (_, name) => ids[name] ?? newId()),
      body: () => bodies[url]?.(ids)
    }))
  return {
    ...carrel,
    ann,
    bob,
    ids,
    routes,
    of: (...methods: string[]) => routes.filter((one) => methods.includes(one.method))
  }
}

t.test('HEAD is taken wherever GET is, and says the same', async (t) => {
  const { ann, of } = await annAndRoutes(t)
  const gets = of('GET').filter(({ url }) => !sendsFile.test(url))
  t.ok(gets.length > 15)
  for (const { path, url } of gets) {
    const query = url === '/api/v1/search' ? `?workspace_id=${newId()}` : ''
    const got = await ann.open(path + query)
    t.equal(got.headers['content-type'], type, url)
    const told = await ann.request('HEAD', path + query)
    t.same(
      [told.statusCode, told.body, told.headers['content-length']],
      [got.statusCode, '', String(got.rawPayload.length)],
      url
    )
    t.same([told.headers['content-type'], told.headers.etag], [type, got.headers.etag], url)
  }
})

t.test('a method that an address does not take is answered with those it does', async (t) => {
  const { app, ann, routes } = await annAndRoutes(t)
  for (const path of new Set(routes.map((route) => route.path))) {
    const taken = app.methodsAt(path)
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      if (taken.includes(method)) continue
      const answer = await ann.request(method, path)
      const headers = { allow: taken.join(', '), ...limits, 'content-type': type }
      t.match(answer, { statusCode: 405, headers }, `${method} ${path}`)
    }
  }
})

t.test('whatever is answered is JSON in UTF-8 and says how many requests are left, refused or not', async (t) => {
  const { ann, visitor, routes } = await annAndRoutes(t)
  for (const { method, path, url } of routes.filter((one) => one.url !== '/api/v1/auth/logout')) {
    for (const browser of [visitor(), ann]) {
      const answer = await browser.request(method, path)
      t.match(answer.headers, limits, `${method} ${url} ${answer.statusCode}`)
      if (answer.statusCode === 204) t.notOk(answer.headers['content-type'] ?? answer.headers['content-length'])
      else t.equal(answer.headers['content-type'], type, `${method} ${url} ${answer.statusCode}`)
    }
  }
  t.match((await ann.open('/api/v1/nothing')).headers, { ...limits, 'content-type': type })
})

t.test('whoever asks too often is told so with the same headers', async (t) => {
  const { visitor } = await startApp(t, { API_LIMIT: '2' })
  const nobody = visitor()
  for (const status of [401, 401, 429, 429]) {
    const answer = await nobody.open('/api/v1/tasks')
    t.match(answer, { statusCode: status, headers: { ...limits, 'content-type': type } })
    if (status === 429) t.match(answer.headers, { 'retry-after': /^\d+$/ })
  }
})

t.test('what was made is where its Location says', async (t) => {
  const { ann, of } = await annAndRoutes(t)
  const made: string[] = []
  for (const { path, url, body } of of('POST').filter((one) => one.url !== '/api/v1/auth/logout')) {
    const answer = await ann.api('POST', path, body())
    if (answer.statusCode !== 201) t.notOk(answer.headers.location, url)
    else {
      made.push(url)
      const there = await ann.open(String(answer.headers.location))
      const { id, instance_id = id, answer: said } = answer.json()
      t.equal(there.statusCode, 200, url)
      t.equal(there.json().id ?? there.json().answer.id, instance_id ?? said.id, url)
    }
    if (url === '/api/auth/signup') await signsInAgain(ann)
  }
  t.ok(made.length > 6)
})

/** A sign-up makes somebody else of a browser. */
const signsInAgain = (ann: Browser) => ann.submit('/login', { email: 'ann@example.com', password, remember: 'on' })

t.test('what was made is made once by each of them with an Idempotency-Key', async (t) => {
  const { ann, of } = await annAndRoutes(t)
  for (const { path, url, body } of of('POST').filter(({ url }) => /^\/api\/v1\/(?!auth)/.test(url))) {
    const sent = body()
    const send = () => ann.request('POST', path, sent, { 'idempotency-key': url })
    const [one, two] = [await send(), await send()]
    if (one.statusCode !== 201) continue
    t.match(two, { statusCode: 201, body: one.body, headers: { 'idempotency-replayed': 'true' } }, url)
    t.equal(two.headers.location, one.headers.location, url)
  }
})

t.test('a body of a type that is not read is refused with those that are', async (t) => {
  const { ann, of } = await annAndRoutes(t)
  for (const { method, path, url } of of('POST', 'PATCH')) {
    const strange = ['text/plain', ...(method === 'POST' ? ['application/merge-patch+json'] : [])]
    for (const sent of strange) {
      const answer = await ann.request(method, path, '{}', { 'content-type': sent })
      t.match(answer.json(), { statusCode: 415, code: 'WRONG_TYPE' }, `${method} ${url} ${sent}`)
      if (method === 'PATCH')
        t.equal(answer.headers['accept-patch'], 'application/json, application/merge-patch+json', url)
      else t.match(answer.headers['accept-post'], /^application\/json, application\/x-www-form-urlencoded/, url)
      t.equal(/multipart/.test(String(answer.headers['accept-post'])), method === 'POST' && url === '/api/v1/documents')
    }
  }
})

t.test('a change names only what there is to change, by either name of its type', async (t) => {
  const { ann, of } = await annAndRoutes(t)
  const patches = of('PATCH')
  t.ok(patches.length > 5)
  for (const { path, url, body } of patches) {
    const slip = await ann.request('PATCH', path, { ...body(), nmae: 'Flat' })
    t.match(slip.json(), { statusCode: 400, code: 'INVALID', fields: { nmae: 'This is not a field here.' } }, url)
    for (const sent of [{}, undefined, [], 'text']) {
      const answer = await ann.request('PATCH', path, sent && JSON.stringify(sent), sent && json)
      t.match(answer.json(), { statusCode: 400, code: 'INVALID', message: String }, `${url} ${JSON.stringify(sent)}`)
      if (typeof sent !== 'object' || Array.isArray(sent))
        t.equal(answer.json().message, 'Send what is to change.', url)
    }
    for (const name of [
      'application/json',
      'application/merge-patch+json',
      'application/merge-patch+json; charset=utf-8'
    ]) {
      const answer = await ann.request('PATCH', path, JSON.stringify(body()), { 'content-type': name })
      t.equal(answer.statusCode, url === '/api/v1/auth/password' ? 204 : 200, `${url} ${name}`)
    }
  }
})

t.test('a body that is needed is asked for in words, and a field too many beside it is passed over', async (t) => {
  const { ann, of } = await annAndRoutes(t)
  for (const { path, url, body } of of('POST').filter((one) => one.body())) {
    for (const headers of [{}, json]) {
      const answer = await ann.request('POST', path, '', headers)
      const code = url === '/api/v1/instances' ? 400 : 'INVALID'
      t.match(answer.json(), { statusCode: 400, code, message: String }, url)
    }
    const more = await ann.api('POST', path, { ...body(), unheard_of: 1 })
    // What limits a key must not be lost to a slip of the pen.
    if (url === '/api/v1/api-keys') t.match(more.json(), { statusCode: 400, fields: { unheard_of: String } })
    else t.ok([200, 201].includes(more.statusCode), `${url} ${more.body}`)
    if (url === '/api/auth/signup') await signsInAgain(ann)
  }
})

t.test('a query says each thing once; what it need not say is passed over', async (t) => {
  const { ann, ids } = await annAndRoutes(t)
  const lists = ['workspaces', `workspaces/${ids.workspaceId}/members`, 'invites', 'tasks', 'sessions', 'tags']
  for (const list of [...lists, 'documents', 'chats', 'memories', 'prompts', `chats/${ids.chatId}/messages`]) {
    const url = `/api/v1/${list}`
    for (const [field, query] of [
      ['limit', 'limit=5&limit=6'],
      ['cursor', `cursor=${newId()}&cursor=${newId()}`]
    ] as const) {
      t.match((await ann.open(`${url}?${query}`)).json(), { statusCode: 400, fields: { [field]: String } }, url)
    }
    const plain = await ann.open(url)
    for (const query of ['unheard_of=1', 'unheard_of=1&unheard_of=2', 'limit=', '']) {
      t.equal((await ann.open(`${url}?${query}`)).body, plain.body, `${url}?${query}`)
    }
  }
  for (const field of ['q', 'workspace_id', 'tag']) {
    const twice = `${field}=${newId()}&${field}=${newId()}`
    const answer = await ann.open(`/api/v1/search?workspace_id=${ids.workspaceId}&${twice}`)
    t.match(answer.json(), { statusCode: 400, fields: { [field]: String } }, field)
  }
})
