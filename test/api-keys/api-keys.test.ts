import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { couldBeKey, newKey } from '../../src/api-keys/key.ts'
import type { Browser } from '../support/browser.ts'
import { type Carrel, password, startApp } from '../support/carrel.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const makesKey = async (who: Browser, wish: object = {}) =>
  (await who.api('POST', '/api/v1/api-keys', { name: 'A script', scopes: ['read'], ...wish })).json()

/** A program that has nothing but what it sends as a header. */
const program =
  ({ app }: Carrel, headers: Record<string, string>) =>
  (method: 'GET' | 'POST' | 'DELETE' | 'PATCH', url: string, payload?: object) =>
    app.inject({ method, url, headers, ...(payload && { payload }) })

const withKey = (carrel: Carrel, key: string) => program(carrel, { 'x-api-key': key })

async function scene(t: Test, settings = {}) {
  const carrel = await startApp(t, settings)
  return { carrel, ann: await carrel.person('Ann'), bob: await carrel.person('Bob') }
}

t.test('a key is long, of letters and digits, and tells a mistyped one by its checksum', async (t) => {
  const keys = new Set(Array.from({ length: 500 }, newKey))
  t.equal(keys.size, 500)
  for (const key of keys) {
    t.match(key, /^crl_[0-9A-Za-z]{36}$/)
    t.ok(couldBeKey(key))
    for (let place = 4; place < key.length; place += 1) {
      const other = alphabet.charAt((alphabet.indexOf(key.charAt(place)) + 7) % 62)
      if (couldBeKey(key.slice(0, place) + other + key.slice(place + 1))) t.fail(`${key} changed at ${place}`)
    }
  }
})

t.test('a key opens what its scopes say, as any of its three forms, and its answer is told once', async (t) => {
  const { carrel, ann } = await scene(t)
  await ann.makesWorkspace('The flat')
  const made = await makesKey(ann)
  t.match(made, {
    name: 'A script',
    scopes: ['read'],
    workspace_id: null,
    expires_at: null,
    last_four: made.key.slice(-4)
  })

  const plain = await program(carrel, {})('GET', `/api/v1/workspaces?key=${made.key}`)
  const bearer = await program(carrel, { authorization: `Bearer ${made.key}` })('GET', '/api/v1/workspaces')
  const header = await withKey(carrel, made.key)('GET', '/api/v1/workspaces')
  for (const answer of [plain, bearer, header]) {
    t.equal(answer.statusCode, 200)
    t.equal(answer.json().items[0].name, 'The flat')
  }
  t.match(plain.headers.warning, /X-API-Key/, 'a key in an address is advised against')
  t.notOk(header.headers.warning)

  const again = (await ann.open(`/api/v1/api-keys/${made.id}`)).json()
  t.notOk(again.key)
  t.notMatch((await ann.open('/api/v1/api-keys')).body, made.key)
  t.notMatch((await ann.open('/settings/api-keys')).body, made.key)
})

t.test('a program hears whether it showed nothing, or something that opens nothing', async (t) => {
  const { carrel, ann } = await scene(t)
  const { id, key } = await makesKey(ann)
  await ann.api('DELETE', `/api/v1/api-keys/${id}`)
  const basic = `Basic ${Buffer.from(`${id}:secret`).toString('base64')}`
  const shown: Record<string, string>[] = [
    { 'x-api-key': key },
    { 'x-api-key': 'typo' },
    { authorization: 'Bearer x' },
    { authorization: basic }
  ]
  for (const headers of shown) {
    const answer = await program(carrel, headers)('GET', '/api/v1/workspaces')
    t.match(answer, {
      statusCode: 401,
      headers: { 'www-authenticate': 'Bearer realm="Carrel", error="invalid_token"' }
    })
    t.match(answer.json(), { code: 'SIGN_IN_REQUIRED', message: /opens nothing/ }, JSON.stringify(headers))
  }
  for (const headers of [{ accept: '*/*' }, { cookie: 'session_id=ended' }] as Record<string, string>[]) {
    const answer = await program(carrel, headers)('GET', '/api/v1/workspaces')
    t.equal(answer.headers['www-authenticate'], 'Bearer realm="Carrel"')
    t.match(answer.json(), { code: 'SIGN_IN_REQUIRED', message: 'Sign in first.' })
  }
})

t.test('each scope opens its own door and no other', async (t) => {
  const { carrel, ann } = await scene(t)
  const doors = {
    read: ['GET', '/api/v1/workspaces', 200],
    write: ['POST', '/api/v1/workspaces', 201],
    profile: ['GET', '/api/v1/username', 200]
  } as const
  for (const scope of ['read', 'write', 'profile', 'email']) {
    const ask = withKey(carrel, (await makesKey(ann, { scopes: [scope] })).key)
    for (const [name, [method, url, status]] of Object.entries(doors)) {
      const answer = await ask(method, url, method === 'POST' ? { name: 'Another' } : undefined)
      t.equal(answer.statusCode, name === scope ? status : 403, `${scope}: ${method} ${url}`)
      if (name === scope) continue
      t.equal(answer.json().code, 'SCOPE_MISSING')
      t.match(answer.headers['www-authenticate'], `scope="${name}"`)
    }
  }
  const me = async (scopes: string[]) =>
    withKey(carrel, (await makesKey(ann, { scopes })).key)('GET', '/api/v1/auth/me')
  const [name, email, both] = [await me(['profile']), await me(['email']), await me(['profile', 'email'])]
  t.match(name.json(), { username: 'ann', firstName: 'Ann' })
  t.notMatch(name.body, 'ann@example.com')
  t.match(email.json(), { email: 'ann@example.com' })
  t.notMatch(email.body, /Arbor|firstName|username/)
  t.match(both.json(), { username: 'ann', email: 'ann@example.com' })
  t.equal((await me(['read', 'write'])).statusCode, 403)
})

t.test('no key makes keys, ends sessions or opens pages, whatever its scopes', async (t) => {
  const { carrel, ann } = await scene(t)
  const { key, id } = await makesKey(ann, { scopes: ['read', 'write', 'profile', 'email'] })
  const ask = withKey(carrel, key)
  for (const [method, url] of [
    ['GET', '/api/v1/api-keys'],
    ['POST', '/api/v1/api-keys'],
    ['DELETE', `/api/v1/api-keys/${id}`],
    ['GET', '/api/v1/sessions'],
    ['POST', '/api/v1/auth/logout'],
    ['POST', '/api/v1/instances']
  ] as const) {
    const answer = await ask(method, url, method === 'POST' ? { name: 'Mine', scopes: ['read'] } : undefined)
    t.match([answer.statusCode, answer.json().code], [403, 'SESSION_REQUIRED'], `${method} ${url}`)
  }
  for (const headers of [{ 'x-api-key': key }, { authorization: `Bearer ${key}` }] as Record<string, string>[]) {
    const page = await program(carrel, headers)('GET', '/workspaces')
    t.match([page.statusCode, page.headers.location], [303, '/login?next=%2Fworkspaces'])
  }
  t.equal((await carrel.visitor().open(`/workspaces?key=${key}`)).statusCode, 303)
})

t.test('a key is worth nothing once it has expired, was revoked, or its owner is disabled', async (t) => {
  const { carrel, ann, bob } = await scene(t)
  const soon = new Date(carrel.clock.now().getTime() + 60_000).toISOString()
  const short = await makesKey(ann, { expires_at: soon })
  const lasting = await makesKey(ann)
  const bobs = await makesKey(bob)
  const open = async ({ key }: { key: string }) => (await withKey(carrel, key)('GET', '/api/v1/tasks')).statusCode
  t.same([await open(short), await open(lasting), await open(bobs)], [200, 200, 200])

  carrel.clock.pass(60)
  t.same([await open(short), await open(lasting)], [401, 200])
  t.match((await ann.open('/settings/api-keys')).body, 'Expired')
  await ann.submit(`/settings/api-keys/${lasting.id}/revoke`)
  t.equal(await open(lasting), 401)
  const at = carrel.clock.now().toISOString()
  await carrel.app.db.updateTable('accounts').set({ disabled_at: at }).where('username', '=', 'bob').execute()
  t.equal(await open(bobs), 401)
})

t.test('a key for one workspace reaches nothing outside it, by any door', async (t) => {
  const { carrel, ann, bob } = await scene(t)
  const [inside, outside] = [await ann.makesWorkspace('Inside'), await ann.makesWorkspace('Outside')]
  const document = await ann.puts(outside, 'Apart', 'The lighthouse keeper has a spare key.')
  const here = await ann.puts(inside, 'Here', 'The harbour master has the other one.')
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: outside })).json().id
  await ann.api('POST', '/api/v1/memories', { text: 'I look after the lighthouse.' })
  const { key } = await makesKey(ann, { scopes: ['read', 'write', 'profile', 'email'], workspace_id: inside })
  const ask = withKey(carrel, key)

  t.same(
    (await ask('GET', '/api/v1/workspaces')).json().items.map(({ name }: { name: string }) => name),
    ['Inside']
  )
  t.equal((await ask('GET', `/api/v1/workspaces?cursor=${inside}`)).json().items.length, 0)
  t.equal((await ask('GET', `/api/v1/documents/${here}`)).statusCode, 200)
  const beyond = [
    ['GET', `/api/v1/workspaces/${outside}`],
    ['GET', `/api/v1/documents/${document}`],
    ['DELETE', `/api/v1/documents/${document}`],
    ['GET', `/api/v1/documents?workspace_id=${outside}`],
    ['POST', '/api/v1/documents', { workspace_id: outside, text: 'A text.' }],
    ['GET', `/api/v1/search?workspace_id=${outside}&q=lighthouse`],
    ['GET', `/api/v1/chats?workspace_id=${outside}`],
    ['POST', '/api/v1/chats', { workspace_id: outside }],
    ['GET', `/api/v1/chats/${chat}`],
    ['GET', `/api/v1/chats/${chat}/messages`],
    ['POST', `/api/v1/chats/${chat}/messages`, { content: 'Who?' }]
  ] as const
  for (const [method, url, body] of beyond) t.equal((await ask(method, url, body)).statusCode, 404, `${method} ${url}`)
  for (const url of ['/api/v1/chats', '/api/v1/documents']) {
    t.notMatch((await ask('GET', url)).body, outside, url)
  }
  const elsewhere = [
    ['GET', '/api/v1/memories'],
    ['GET', '/api/v1/tags'],
    ['GET', '/api/v1/tasks'],
    ['GET', '/api/v1/invites'],
    ['GET', '/api/v1/auth/me'],
    ['POST', '/api/v1/workspaces', { name: 'Mine' }],
    ['DELETE', `/api/v1/workspaces/${inside}`],
    ['GET', `/api/v1/workspaces/${inside}/members`]
  ] as const
  for (const [method, url, body] of elsewhere) {
    const answer = await ask(method, url, body)
    t.match([answer.statusCode, answer.json().code], [403, 'ONE_WORKSPACE_ONLY'], `${method} ${url}`)
  }

  await ask('POST', '/api/v1/chats', { workspace_id: inside })
  const mine = (await ask('GET', '/api/v1/chats')).json().items[0].id
  const asked = await ask('POST', `/api/v1/chats/${mine}/messages`, {
    content: 'What does the harbour master have?'
  })
  t.match(asked.json().answer.content, 'harbour master')
  t.same(asked.json().answer.memories, [], 'and it hears nothing of what is remembered from elsewhere')
  t.equal(
    (await bob.api('POST', '/api/v1/api-keys', { name: 'x', scopes: ['read'], workspace_id: inside })).statusCode,
    404
  )
  await ann.api('DELETE', `/api/v1/workspaces/${inside}`)
  t.equal((await ask('GET', '/api/v1/workspaces')).statusCode, 401, 'it goes with its workspace')
})

t.test('a key for one workspace cannot try which tags its owner has elsewhere', async (t) => {
  const { carrel, ann } = await scene(t)
  const [inside, outside] = [await ann.makesWorkspace('Inside'), await ann.makesWorkspace('Outside')]
  await ann.puts(outside, 'Letter', 'The solicitor answers on Monday.', ['divorce'])
  await ann.puts(inside, 'Lease', 'Rent is due on the first of the month.', ['flat'])
  const ask = withKey(carrel, (await makesKey(ann, { scopes: ['read', 'write'], workspace_id: inside })).key)
  const chat = (await ask('POST', '/api/v1/chats', { workspace_id: inside })).json().id
  const narrowed = (...tags: string[]) =>
    ask('POST', `/api/v1/chats/${chat}/messages`, { content: 'When is the rent due?', tags })

  const [elsewhere, nowhere] = [await narrowed('divorce'), await narrowed('nothing')]
  t.equal(elsewhere.statusCode, 400)
  t.equal(elsewhere.body.replaceAll('divorce', 'nothing'), nowhere.body)
  t.match((await narrowed('Flat', 'flat')).json(), { question: { tags: ['flat'] }, answer: { status: 'done' } })
})

t.test('what is asked with a key for one workspace is not remembered', async (t) => {
  const { carrel, ann } = await scene(t)
  const flat = await ann.makesWorkspace('The flat')
  await ann.puts(flat, 'Lease', 'Rent is due on the first of the month.')
  const ask = withKey(carrel, (await makesKey(ann, { scopes: ['read', 'write'], workspace_id: flat })).key)
  const chat = (await ask('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  await ask('POST', `/api/v1/chats/${chat}/messages`, { content: 'I live in Elm Street. When is the rent due?' })
  await carrel.app.memory.idle()
  t.same((await ann.open('/api/v1/memories')).json().items, [])
})

t.test('the last use is shown, with where it was from', async (t) => {
  const { carrel, ann } = await scene(t)
  const { key, id } = await makesKey(ann)
  const used = async () => (await ann.open(`/api/v1/api-keys/${id}`)).json()
  t.match(await used(), { last_used_at: null, last_used_address: null })
  await withKey(carrel, key)('GET', '/api/v1/tasks')
  const first = carrel.clock.now().toISOString()
  t.match(await used(), { last_used_at: first, last_used_address: '127.0.0.1' })
  carrel.clock.pass(30)
  await withKey(carrel, key)('GET', '/api/v1/tasks')
  t.equal((await used()).last_used_at, first, 'within a minute it is not written again')
  carrel.clock.pass(31)
  await withKey(carrel, key)('GET', '/api/v1/tasks')
  t.equal((await used()).last_used_at, carrel.clock.now().toISOString())
})

t.test('two credentials at once are none, and a good cookie does not mend a bad key', async (t) => {
  const { carrel, ann } = await scene(t)
  const { key } = await makesKey(ann)
  const { headers } = ann
  const wrong = `${key.slice(0, -1)}${key.endsWith('x') ? 'y' : 'x'}`
  const asks: [Record<string, string>, string, number][] = [
    [{ 'x-api-key': key }, '', 200],
    [{ ...headers, 'x-api-key': key }, '', 200],
    [{ ...headers, 'x-api-key': wrong }, '', 401],
    [{ ...headers, 'x-api-key': '' }, '', 401],
    [{ ...headers }, `?key=${wrong}`, 401],
    [{ ...headers }, '?key=', 200],
    [{}, `?key=${key}&key=${key}`, 401],
    [{ 'x-api-key': key, authorization: `Bearer ${key}` }, '', 401],
    [{ 'x-api-key': key }, `?key=${key}`, 401],
    [{ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }, '', 401],
    [{ authorization: `Token ${key}` }, '', 401]
  ]
  for (const [shown, query, status] of asks) {
    const answer = await carrel.app.inject({ url: `/api/v1/tasks${query}`, headers: shown })
    t.equal(answer.statusCode, status, JSON.stringify({ ...shown, cookie: shown.cookie && '…' }) + query)
  }
})

t.test('a key needs no origin, as no browser sends one by itself', async (t) => {
  const { carrel, ann } = await scene(t)
  const { key } = await makesKey(ann, { scopes: ['write'] })
  const ask = program(carrel, { 'x-api-key': key, origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' })
  t.equal((await ask('POST', '/api/v1/tags', { name: 'home' })).statusCode, 201)
})

t.test('a key in an address excuses no foreign origin, as any page can put one there', async (t) => {
  const { carrel, ann } = await scene(t)
  const { key } = await makesKey(ann, { scopes: ['write'] })
  const plant = (url: string, headers: object, body: object) =>
    carrel.app.inject({ method: 'POST', url, headers: { ...headers }, payload: body })
  const foreign = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  const planted = { email: 'mallory@example.com', password, firstName: 'Mallory', lastName: 'Arbor' }
  for (const shown of [key, newKey()]) {
    const answer = await plant(`/api/auth/signup?key=${shown}`, foreign, planted)
    t.equal(answer.statusCode, 403)
    t.notOk(answer.headers['set-cookie'], 'nobody is signed in as somebody else')
  }
  t.equal((await plant(`/api/v1/tags?key=${key}`, foreign, { name: 'home' })).statusCode, 403)
  t.equal((await plant(`/api/v1/tags?key=${key}`, {}, { name: 'home' })).statusCode, 201, 'a program shows no origin')
})

t.test('whoever reads the database, the log or the audit finds no key', async (t) => {
  const { carrel, ann } = await scene(t)
  const { key, id } = await makesKey(ann)
  await carrel.app.inject({ url: `/api/v1/tasks?key=${key}` })
  await carrel.app.inject({ url: `/api/v1/nowhere?key=${key}` })
  const events = await carrel.app.db.selectFrom('audit_events').selectAll().execute()
  const row = await carrel.app.db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  t.notMatch(JSON.stringify([events, row]), key.slice(4, 34))
  t.equal(row.last_four, key.slice(-4))
  const { dataDir } = carrel.app.config
  for (const file of readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())) {
    t.notOk(readFileSync(join(file.parentPath, file.name)).includes(key.slice(4, 34)), file.name)
  }
})

t.test('wishes that make no sense are refused beside their field', async (t) => {
  const { carrel, ann } = await scene(t)
  const wishes: [object, string][] = [
    [{ name: '' }, 'name'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['admin'] }, 'scopes'],
    [{ scopes: 'read' }, 'scopes'],
    [{ expires_at: carrel.clock.now().toISOString() }, 'expires_at'],
    [{ expires_at: '2030-02-31T99:00:00Z' }, 'expires_at'],
    [{ expires_at: 'tomorrow' }, 'expires_at'],
    [{ workspace_id: 'mine' }, 'workspace_id']
  ]
  for (const [wish, field] of wishes) {
    const answer = await ann.api('POST', '/api/v1/api-keys', { name: 'A script', scopes: ['read'], ...wish })
    t.equal(answer.statusCode, 400, JSON.stringify(wish))
    t.ok(answer.json().fields[field], field)
  }
  const page = await ann.submit('/settings/api-keys', { name: 'A script', expires: '30' })
  t.equal(page.statusCode, 422)
  t.match(page.body, 'value="A script"')
  t.match(page.body, 'Choose what it may do.')
})

t.test('the page makes a key, shows it once, and revokes it', async (t) => {
  const { carrel, ann } = await scene(t)
  const answer = await ann.request('POST', '/settings/api-keys', 'name=A+script&scopes=read&scopes=write&expires=90', {
    'content-type': 'application/x-www-form-urlencoded'
  })
  t.equal(answer.statusCode, 303)
  const shown = (await ann.open('/settings/api-keys')).body
  const [key = ''] = /crl_[0-9A-Za-z]{36}/.exec(shown) ?? []
  t.equal((await withKey(carrel, key)('POST', '/api/v1/tags', { name: 'home' })).statusCode, 201)
  t.notMatch((await ann.open('/settings/api-keys')).body, key)
  const { items } = (await ann.open('/api/v1/api-keys')).json()
  t.equal(Date.parse(items[0].expires_at) - Date.parse(items[0].created_at), 90 * 24 * 3600 * 1000)
  await ann.submit(`/settings/api-keys/${items[0].id}/revoke`)
  t.equal((await withKey(carrel, key)('GET', '/api/v1/tags')).statusCode, 401)
})

t.test('the page names the address for other assistants, though a form on it was refused', async (t) => {
  const { ann } = await scene(t, { PUBLIC_URL: 'https://carrel.example.com' })
  const refused = await ann.submit('/settings/api-keys', { name: '' })
  t.equal(refused.statusCode, 422)
  for (const { body } of [refused, await ann.open('/settings/api-keys')])
    t.match(body, '<code>https://carrel.example.com/mcp</code>')
})

t.test('what a program does is told apart from what its owner does', async (t) => {
  const { carrel, ann } = await scene(t)
  const { key, id } = await makesKey(ann, { scopes: ['write'] })
  await withKey(carrel, key)('POST', '/api/v1/workspaces', { name: 'By a script' })
  const event = await carrel.app.db
    .selectFrom('audit_events')
    .selectAll()
    .where('event', '=', 'workspace.created')
    .executeTakeFirstOrThrow()
  t.same(JSON.parse(event.detail), { key: id })
  t.equal(event.account_id, (await ann.me()).id)
})

t.test('somebody may keep a hundred keys and no more', async (t) => {
  const { ann } = await scene(t)
  for (let made = 0; made < 100; made += 1) await makesKey(ann)
  const answer = await ann.api('POST', '/api/v1/api-keys', { name: 'A script', scopes: ['read'] })
  t.match([answer.statusCode, answer.json().code], [409, 'FULL'])
})

t.test('a password is no key, and a key no password', async (t) => {
  const { carrel, ann } = await scene(t)
  const { key } = await makesKey(ann)
  t.equal((await carrel.visitor().submit('/login', { email: 'ann', password: key })).statusCode, 422)
  t.equal((await withKey(carrel, password)('GET', '/api/v1/tasks')).statusCode, 401)
})
