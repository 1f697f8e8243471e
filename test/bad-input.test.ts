import { connect } from 'node:net'
import fc from 'fast-check'
import type { LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { calling, makesKey, wire, withKey } from './support/assistant.ts'
import type { Browser } from './support/browser.ts'
import { type Carrel, password, startApp } from './support/carrel.ts'

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const unsafe = ['POST', 'PATCH', 'DELETE']
const nobodys = '01900000-0000-7000-8000-000000000000'
const long = 'x'.repeat(100_000)
const tooLong = 'x'.repeat(1024 * 1024)
const nested = (levels: number, open: string, inner: string, close: string) =>
  open.repeat(levels) + inner + close.repeat(levels)

type Values = Record<string, unknown>
type Ids = Record<string, string>
type Letter = [type: string, body: string | Buffer]

let newcomers = 0
const newcomer = () => ({
  firstName: 'New',
  lastName: 'Comer',
  email: `newcomer${++newcomers}@example.com`,
  username: `newcomer${newcomers}`,
  password,
  next: '/tasks'
})

const aProgram = {
  upload_name: 'A loader',
  email: 'ann@example.com',
  description: 'It uploads.',
  tags: { model_name: 'none', is_cot: false, document_count: 0 }
}
const typedProgram = { upload_name: 'A loader', model_name: 'none', is_cot: 'on', document_count: '3' }

/** What each route takes when all is well; a route that is not here takes nothing. */
function rightBody(url: string, ids: Ids): Values {
  const workspace = { name: 'A flat', description: 'Leases' }
  const known: Record<string, Values> = {
    '/register': { ...newcomer(), website: '' },
    '/api/auth/signup': { ...newcomer(), website: '', inviteCode: 'none', context: { answers: 'short' } },
    '/setup': { ...newcomer(), token: 'none' },
    '/verify-email': { token: 'none' },
    '/login': { email: 'ann@example.com', password, remember: 'on', next: '/' },
    '/api/v1/auth/login': { email: 'ann@example.com', username: 'ann', password, remember: true },
    '/api/v1/auth/refresh': { refresh_token: 'crr_unknown' },
    '/login/link': { password },
    '/login/with/:provider': { next: '/tasks' },
    '/api/v1/auth/me': { firstName: 'Ann', lastName: 'Arbor', username: 'ann' },
    '/settings/profile': { firstName: 'Ann', lastName: 'Arbor', username: 'ann' },
    '/api/v1/auth/password': { current_password: password, password },
    '/settings/password': { current_password: password, password },
    '/workspaces': workspace,
    '/workspaces/:workspaceId': workspace,
    '/api/v1/workspaces': workspace,
    '/api/v1/workspaces/:workspaceId': workspace,
    '/workspaces/:workspaceId/members/:accountId': { role: 'viewer' },
    '/api/v1/workspaces/:workspaceId/members/:accountId': { role: 'viewer' },
    '/accept-invite': { code: 'none' },
    '/api/v1/invites/accept': { code: 'none' },
    '/workspaces/:workspaceId/documents': { title: 'A', text: 'A text.', tags: 'home' },
    '/workspaces/:workspaceId/documents/:documentId': { title: 'A', tags: 'home' },
    '/api/v1/documents': { workspace_id: ids.workspaceId as string, title: 'A', text: 'A text.', tags: ['home'] },
    '/api/v1/documents/:documentId': { title: 'A', tags: ['home'] },
    '/workspaces/:workspaceId/chats': { question: 'Why?' },
    '/workspaces/:workspaceId/chats/:chatId/messages': { question: 'Why?' },
    '/workspaces/:workspaceId/chats/:chatId/rename': { title: 'Why' },
    '/api/v1/chats': { workspace_id: ids.workspaceId as string, title: 'Why' },
    '/api/v1/chats/:chatId': { title: 'Why' },
    '/api/v1/chats/:chatId/messages': { content: 'Why?' },
    '/memory': { text: 'I rent a flat.', kind: 'fact' },
    '/memory/:memoryId': { text: 'I rent a flat.' },
    '/memory/:memoryId/forget': { next: '/tasks' },
    '/settings/memory': { memory: 'on', answer_length: 'short', language: 'German', about_me: 'A tenant.' },
    '/api/v1/memories': { text: 'I rent a flat.', kind: 'preference' },
    '/api/v1/memories/:memoryId': { text: 'I rent a flat.' },
    '/api/v1/preferences': { memory: 'on', answer_length: 'short', language: 'Italian', about_me: 'I rent.' },
    '/settings/api-keys': { name: 'A script', scopes: ['read', 'write'], expires: '30' },
    '/api/v1/api-keys': { name: 'A script', scopes: ['read'], expires_at: '2098-01-01T00:00:00Z' },
    '/api/v1/api-keys/:keyId': { name: 'A script' },
    '/settings/instances': { ...typedProgram, workspace_id: ids.workspaceId },
    '/settings/instances/:instanceId': typedProgram,
    '/api/v1/instances': { ...aProgram, workspace_id: ids.workspaceId },
    '/api/v1/instances/:instanceId': { ...aProgram, disabled: false },
    '/prompts': { title: 'What is due', text: 'What is due?', workspace_id: ids.workspaceId },
    '/prompts/:promptId': { title: 'What is due', text: 'What is due?', workspace_id: ids.workspaceId },
    '/api/v1/prompts': { title: 'What is due', text: 'What is due?', workspace_id: ids.workspaceId },
    '/api/v1/prompts/:promptId': { title: 'What is due', text: 'What is due?', workspace_id: null },
    '/tags': { name: 'home' },
    '/tags/:tagId': { name: 'home' },
    '/api/v1/tags': { name: 'home' },
    '/api/v1/tags/:tagId': { name: 'home' },
    '/tasks/:taskId': { status: 'done' },
    '/api/v1/tasks/:taskId': { status: 'done' },
    '/mcp': calling('save_note', { workspace_id: ids.workspaceId, title: 'A', text: 'A text.', tags: ['home'] })
  }
  const invitation = { workspace_id: ids.workspaceId, role: 'editor', email: 'bob@example.com' }
  if (['/invite', '/invite-coparent'].includes(url)) return { ...invitation, uses: '1' }
  if (url === '/api/v1/invites') return { ...invitation, uses: 1 }
  return known[url] ?? {}
}

const at = (url: string, ids: Ids) => url.replaceAll(/:(\w+)/g, (_, name) => ids[name] ?? nobodys)

function send(browser: Browser, method: string, url: string, [type, body]: Letter, shown: Record<string, string> = {}) {
  return browser.request(method as 'POST', url, body as string, { ...shown, 'content-type': type })
}

const forPrograms = (url: string) => url.startsWith('/api/') || url === '/mcp'

/** Why an answer is none that Carrel gives by intention; empty when it is. */
function fault(url: string, { statusCode, headers }: LightMyRequestResponse): string {
  if (statusCode >= 500) return `${statusCode}`
  if (headers['x-content-type-options'] !== 'nosniff') return `${statusCode} without the headers every answer has`
  const kind = forPrograms(url) ? json : 'text/html'
  const type = String(headers['content-type'])
  return statusCode >= 400 && !type.startsWith(kind) ? `${statusCode} as ${type}` : ''
}

/** Ann, with things of her own that are asked for and one thing that nobody asks for. */
async function annsDesk(t: Test, settings = {}) {
  const carrel = await startApp(t, settings)
  const ann = await carrel.person('Ann')
  const bob = await carrel.person('Bob')
  const workspaceId = await ann.makesWorkspace('Asked for')
  await bob.accepts(await ann.invites(workspaceId, 'viewer'))
  await ann.makesWorkspace('Keepsake')
  const [task] = (await ann.open('/api/v1/tasks')).json().items
  const documentId = await ann.puts(workspaceId, 'Asked for', 'A text that is asked for.')
  const tagId = (await ann.api('POST', '/api/v1/tags', { name: 'asked for' })).json().id
  const chatId = (await ann.api('POST', '/api/v1/chats', { workspace_id: workspaceId })).json().id
  const memoryId = (await ann.api('POST', '/api/v1/memories', { text: 'I am asked for.' })).json().id
  const prompt = { title: 'Asked for', text: 'What is asked for?' }
  const promptId = (await ann.api('POST', '/api/v1/prompts', prompt)).json().id
  const keyId = (await ann.api('POST', '/api/v1/api-keys', { name: 'Asked for', scopes: ['read'] })).json().id
  const spoken = { ...wire, ...withKey(await makesKey(ann)) }
  const instanceId = (await ann.api('POST', '/api/v1/instances', aProgram)).json().instance_id
  const ids = {
    keyId,
    instanceId,
    memoryId,
    promptId,
    chatId,
    documentId,
    tagId,
    workspaceId,
    accountId: (await bob.me()).id,
    taskId: task.id,
    sessionId: nobodys,
    inviteId: nobodys
  }

  /** Ann at her browser, signed in again if what was sent last ended her session or made her somebody else. */
  async function annAgain() {
    const { username } = (await ann.open('/api/v1/username')).json()
    if (username === 'ann') return ann
    await carrel.app.db.deleteFrom('throttles').execute()
    const answer = await ann.submit('/login', { email: 'ann@example.com', password, remember: 'on' })
    if (answer.statusCode !== 303) throw new Error(`Ann could not sign in again: ${answer.body}`)
    return ann
  }
  /** What Ann shows beside her cookie, where that does not count. */
  const shown = (url: string) => (url === '/mcp' ? spoken : {})
  return { ...carrel, ann, annAgain, shown, ids }
}

type Desk = Awaited<ReturnType<typeof annsDesk>>

/** Sends every letter to every route that changes something, once as nobody and once as Ann. */
async function bombard(desk: Desk, letters: (url: string) => Iterable<[what: string, letter: Letter]>) {
  const faults: string[] = []
  for (const { method, url } of desk.app.routeTable.filter((route) => unsafe.includes(route.method))) {
    for (const [what, letter] of letters(url)) {
      for (const who of ['nobody', 'Ann']) {
        const browser = who === 'Ann' ? await desk.annAgain() : desk.visitor()
        const shown = who === 'Ann' ? desk.shown(url) : {}
        const wrong = fault(url, await send(browser, method, at(url, desk.ids), letter, shown))
        if (wrong) faults.push(`${method} ${url} as ${who}, ${what}: ${wrong}`)
      }
    }
  }
  return faults
}

/** Accounts without one of the things that belong to an account, and whether Ann still has what is hers. */
async function missing({ app, annAgain }: Pick<Desk, 'app' | 'annAgain'>) {
  const accounts = await app.db.selectFrom('accounts').select(['id', 'email']).execute()
  const contexts = await app.db.selectFrom('user_contexts').select('account_id').execute()
  const tasks = await app.db.selectFrom('tasks').select('account_id').where('kind', '=', 'welcome').execute()
  const owned = await app.db
    .selectFrom('workspaces')
    .innerJoin('memberships', 'memberships.workspace_id', 'workspaces.id')
    .select(['room_of', 'account_id'])
    .where('role', '=', 'owner')
    .execute()
  const parts = (id: string) => [
    contexts.filter(({ account_id }) => account_id === id).length,
    owned.filter(({ room_of, account_id }) => room_of === id && account_id === id).length,
    tasks.filter(({ account_id }) => account_id === id).length
  ]
  const halves = accounts.filter(({ id }) => parts(id).join() !== '1,1,1').map(({ email }) => email)
  const { items } = (await (await annAgain()).open('/api/v1/workspaces?limit=100')).json()
  const names = items.map(({ name }: { name: string }) => name)
  return [...halves, ...['Keepsake', "Ann Arbor's Room"].filter((name) => !names.includes(name))]
}

const brokenBodies: Record<string, Letter> = {
  'no JSON at all': [json, ''],
  'half an object': [json, '{"email":"ann@exa'],
  'a list': [json, '[]'],
  'a list of lists': [json, '[[{}]]'],
  'a text': [json, '"text"'],
  'a number': [json, '1e999'],
  null: [json, 'null'],
  true: [json, 'true'],
  'an empty object': [json, '{}'],
  'something behind the object': [json, '{}{}'],
  'a NUL byte': [json, '{"name":"\0"}'],
  'bytes that are no text': [json, Buffer.from('7b226e616d65223a22ff80c022 7d'.replace(' ', ''), 'hex')],
  'a byte order mark': [json, '\ufeff{}'],
  'a prototype': [json, '{"__proto__":{"role":"admin"},"name":"x"}'],
  'a constructor': [json, '{"constructor":{"prototype":{"role":"admin"}},"name":"x"}'],
  'names of methods': [json, '{"toString":"x","hasOwnProperty":"x","valueOf":null,"then":"x","length":-1}'],
  'half a character': [json, '{"\\ud800":"\\udfff","name":"\\ud800"}'],
  'a deep list': [json, nested(100_000, '[', '', ']')],
  'a deep object': [json, nested(30_000, '{"a":', '1', '}')],
  'ten thousand fields': [json, JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [n, n])))],
  'a megabyte of JSON': [json, JSON.stringify({ name: tooLong })],
  'no form at all': [form, ''],
  'only separators': [form, '&&=&=&'],
  'broken escapes': [form, '%=%&%zz=%f&name=%ff%fe'],
  'NULs in a form': [form, '%00=%00&name=%00'],
  'a prototype in a form': [form, '__proto__=x&__proto__[role]=admin&constructor=x&constructor[prototype][role]=admin'],
  'methods in a form': [form, 'toString=x&hasOwnProperty=x&then=x&length=9'],
  'ten thousand fields in a form': [form, Array.from({ length: 10_000 }, (_, n) => `f${n}=${n}`).join('&')],
  'a megabyte of form': [form, `name=${tooLong}`],
  'no type': ['', '{}'],
  'a type that is none': ['garbage', '{}'],
  'a type of parameters only': ['; charset=utf-8', '{}'],
  'files without a boundary': ['multipart/form-data', 'name=x']
}

t.test('whatever is sent, and wherever to, is answered plainly and harms nobody', async (t) => {
  const desk = await annsDesk(t)
  t.same(await bombard(desk, () => Object.entries(brokenBodies)), [])
  t.same(await missing(desk), [])
})

const wrongValues: Record<string, unknown> = {
  'a list': ['/a', '/b'],
  'an object': { __proto: 'x', $gt: '' },
  'a number': 5,
  'a fraction': 0.5,
  'a boolean': false,
  null: null,
  'an empty text': '',
  'only spaces': ' \t ',
  NUL: 'a\0b',
  'half a character': '\ud800',
  'text that turns around': '\u202egnp.exe',
  'a prototype': '__proto__',
  'a long text': long
}

const values = (body: Values, field: string, value: unknown) => ({ ...body, [field]: value })

function* oneWrongField(url: string, ids: Ids): Generator<[string, Letter]> {
  for (const field of Object.keys(rightBody(url, ids))) {
    for (const [what, value] of Object.entries(wrongValues)) {
      yield [`${field} is ${what}`, [json, JSON.stringify(values(rightBody(url, ids), field, value))]]
      if (typeof value !== 'string' && !Array.isArray(value)) continue
      const right = Object.entries(rightBody(url, ids)).filter(([name]) => name !== field)
      const pairs = [...right, ...[value].flat().map((one) => [field, one])] as [string, string][]
      yield [`${field} in a form is ${what}`, [form, new URLSearchParams(pairs).toString()]]
    }
  }
}

t.test('any field of any form or JSON body may hold anything', async (t) => {
  const desk = await annsDesk(t)
  t.same(await bombard(desk, (url) => oneWrongField(url, desk.ids)), [])
  t.same(await missing(desk), [])
})

t.test('a context that is nested without end is refused', async (t) => {
  const { visitor } = await startApp(t)
  const start = JSON.stringify(newcomer()).slice(0, -1)
  for (const levels of [1000, 5000, 20_000, 40_000]) {
    const body = `${start},"context":${nested(levels, '{"a":', '{}', '}')}}`
    const answer = await visitor().request('POST', '/api/auth/signup', body, { 'content-type': json })
    t.match(answer.json(), { statusCode: 400, fields: { context: String } }, `${levels} levels`)
  }
})

t.test(
  'whatever is nested without end is refused wherever it stands, and what is nested a little is not',
  async (t) => {
    const desk = await annsDesk(t)
    const { ann, ids } = desk
    const routes = desk.app.routeTable.filter(({ method, url }) => unsafe.includes(method) && url.startsWith('/api/'))
    const more = { list: nested(50_000, '[', '', ']'), object: nested(20_000, '{"a":', '1', '}') }
    for (const { method, url } of routes) {
      for (const [what, deep] of Object.entries(more)) {
        const right = JSON.stringify(rightBody(url, ids)).slice(0, -1)
        const within = `${right}${right.length > 1 ? ',' : ''}"more":${deep}}`
        for (const body of [within, deep]) {
          const headers = { 'content-type': json, 'idempotency-key': `${url} ${what}` }
          const answer = await ann.request(method as 'POST', at(url, ids), body, headers)
          const fields = what === 'list' && body === deep ? undefined : Object
          t.match(answer.json(), { statusCode: 400, fields }, `${method} ${url} ${what}`)
        }
      }
    }
    const deepTags = (levels: number) =>
      `{"model_name":"m","is_cot":true,"document_count":1,"more":${nested(levels, '[', '', ']')}}`
    const register = (levels: number) =>
      send(ann, 'POST', '/api/v1/instances', [json, `{"upload_name":"A loader","tags":${deepTags(levels)}}`])
    t.equal((await register(90)).statusCode, 201)
    t.match((await register(9000)).json(), { statusCode: 400, fields: { tags: String } })
  }
)

t.test('a list without end is refused as that, and not for everything that is wrong in it', async (t) => {
  const { ann, ids } = await annsDesk(t)
  const many = Array.from({ length: 100_000 }, () => 1)
  const too = /holds more than 1000/
  const lists: [string, string, object][] = [
    ['POST', '/api/v1/api-keys', { name: 'A script', scopes: many }],
    ['PATCH', `/api/v1/documents/${ids.documentId}`, { tags: many }],
    ['PATCH', `/api/v1/documents/${ids.documentId}`, { tags: [['home', many]] }]
  ]
  for (const [method, url, body] of lists) {
    const answer = await ann.api(method as 'POST', url, body)
    const [field = ''] = Object.keys(body).slice(-1)
    t.match(answer.json(), { statusCode: 400, fields: { [field]: too } }, JSON.stringify(body).slice(0, 40))
  }
  for (const body of [many, Object.fromEntries(many.map((_, n) => [`field ${n}`, n]).slice(0, 10_000))]) {
    t.match((await ann.api('PATCH', `/api/v1/tags/${ids.tagId}`, body)).json(), { statusCode: 400, message: too })
  }
  const { key } = await makesKey(ann)
  const note = calling('save_note', { workspace_id: ids.workspaceId, title: 'A', text: 'A text.', tags: many })
  const said = await ann.request('POST', '/mcp', note, { ...wire, ...withKey({ key }) })
  t.match(said.json(), { statusCode: 400, message: too })
})

t.test('a field that is none is named, whatever its name', async (t) => {
  const { ann, ids } = await annsDesk(t)
  for (const name of ['', 'toString', 'hasOwnProperty', 'valueOf', 'a/b', '\u0000']) {
    const answer = await ann.api('PATCH', `/api/v1/tags/${ids.tagId}`, { name: 'home', [name]: 'x' })
    t.same(answer.json().fields, { [name]: 'This is not a field here.' }, JSON.stringify(name))
  }
})

t.test('with sign-ups confirmed by mail, too, any field may hold anything', async (t) => {
  const { visitor } = await startApp(t, { SIGNUP_DISCLOSURE: 'private', PUBLIC_URL: 'http://localhost' })
  const faults: string[] = []
  for (const [what, letter] of oneWrongField('/register', {})) {
    const wrong = fault('/register', await send(visitor(), 'POST', '/register', letter))
    if (wrong) faults.push(`${what}: ${wrong}`)
  }
  const invited = visitor()
  invited.cookies.set('invite_code', '%00')
  if ((await invited.submit('/register', newcomer())).statusCode >= 500) faults.push('the code of an invite is NUL')
  t.same(faults, [])
})

t.test('what a database could not keep is refused, not cut or kept otherwise', async (t) => {
  const { ann, ids, visitor } = await annsDesk(t)
  for (const bad of ['a\0b', '\0', 'a\ud800b', 'a\u0001b', 'a\u202eb']) {
    for (const field of ['firstName', 'lastName', 'email', 'username']) {
      const answer = await visitor().api('POST', '/api/auth/signup', { ...newcomer(), [field]: bad })
      if (field === 'email' && bad === 'a\u202eb') t.equal(answer.statusCode, 400)
      else t.match(answer.json(), { statusCode: 400, fields: { [field]: String } }, `${field} ${JSON.stringify(bad)}`)
    }
    for (const field of ['name', 'description']) {
      const workspace = { ...rightBody('/workspaces', ids), [field]: bad }
      t.match((await ann.api('POST', '/api/v1/workspaces', workspace)).json(), { fields: { [field]: String } })
      const path = `/api/v1/workspaces/${ids.workspaceId}`
      t.match((await ann.api('PATCH', path, { [field]: bad })).json(), { fields: { [field]: String } })
    }
    const invitation = { ...rightBody('/api/v1/invites', ids), email: `${bad}@example.com` }
    if (bad !== 'a\u202eb') t.equal((await ann.api('POST', '/api/v1/invites', invitation)).statusCode, 400)
    t.equal((await ann.api('POST', '/api/v1/invites/accept', { code: bad })).statusCode, 404)
    for (const path of ['/login', '/api/v1/auth/login']) {
      const answer = await visitor().api('POST', path, { email: bad, password })
      t.ok([400, 401, 422, 429].includes(answer.statusCode), `${path} ${JSON.stringify(bad)}: ${answer.statusCode}`)
    }
  }
})

/** Sends these to every route as Ann; what is answered to any of them with another status. */
async function answeredOtherwise(desk: Desk, status: number, letters: Letter[]) {
  const others: string[] = []
  for (const { method, url } of desk.app.routeTable.filter((route) => unsafe.includes(route.method))) {
    for (const letter of letters) {
      const { statusCode } = await send(await desk.annAgain(), method, at(url, desk.ids), letter, desk.shown(url))
      if (statusCode !== status) others.push(`${method} ${url} ${letter[0]}: ${statusCode}`)
    }
  }
  return others
}

t.test('a type of content that no route reads, or more than any takes, is refused as that', async (t) => {
  const desk = await annsDesk(t)
  const types = ['text/plain', 'text/xml', 'application/octet-stream', 'application/json5', '*/*']
  const strange = types.map((type): Letter => [type, '{"name":"x"}'])
  t.same(await answeredOtherwise(desk, 415, strange), [])
  // A text may be pasted that is as long as a book.
  const tooLongAnywhere = tooLong.repeat(5)
  const large: Letter[] = [
    [json, JSON.stringify({ name: tooLongAnywhere })],
    [form, `name=${tooLongAnywhere}`]
  ]
  t.same(await answeredOtherwise(desk, 413, large), [])
  t.same(await missing(desk), [])
})

const oddTexts = {
  NUL: '%00',
  'half an escape': '%',
  'no escape': '%zz',
  'bytes that are no text': '%ff%fe',
  'a way up': '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  'a prototype': '__proto__',
  'a constructor': 'constructor',
  'a long text': 'a'.repeat(5000),
  'a quote': "'%20or%201=1--",
  'an id in capitals': nobodys.replace('9', 'A').toUpperCase(),
  'other digits': '%D9%A1',
  'a semicolon': ';a=b',
  nothing: ''
}

t.test('odd paths lead nowhere, for anybody and by any method', async (t) => {
  const desk = await annsDesk(t)
  const faults: string[] = []
  for (const { method, url } of desk.app.routeTable.filter((route) => route.url.includes(':'))) {
    for (const [what, odd] of Object.entries(oddTexts)) {
      const path = url.replaceAll(/:\w+/g, odd)
      for (const browser of [desk.visitor(), await desk.annAgain()]) {
        const wrong = fault(url, await browser.request(method as 'GET', path))
        if (wrong) faults.push(`${method} ${url} with ${what}: ${wrong}`)
      }
      const kept = await send(desk.ann, method, path, [json, '{'])
      if (fault(url, kept)) faults.push(`${method} ${url} with ${what} and half an object: ${fault(url, kept)}`)
    }
  }
  for (const path of ['//', '/%', '/%2f%2f', '/..%2f..', '/api/%ff', '/assets/%', '/\u00e9', '/?%']) {
    const wrong = fault(path, await desk.visitor().open(path))
    if (wrong) faults.push(`${path}: ${wrong}`)
  }
  t.same(faults, [])
  t.same(await missing(desk), [])
})

t.test('odd queries are answered plainly, and lists refuse a cursor or a limit that is none', async (t) => {
  const desk = await annsDesk(t)
  const faults: string[] = []
  const readable = desk.app.routeTable.filter(({ method, url }) => method === 'GET' || url.startsWith('/invite'))
  for (const { method, url } of readable) {
    for (const name of ['cursor', 'limit', 'next', 'token', 'code', 'workspace', '__proto__', '%00', '']) {
      for (const odd of [...Object.values(oddTexts), `x&${name}=y`, '1e999', '-1', 'true', '[]']) {
        const path = `${at(url, desk.ids)}?${name}=${odd}`
        const wrong = fault(url, await (await desk.annAgain()).request(method as 'GET', path))
        if (wrong) faults.push(`${method} ${path.slice(0, 200)}: ${wrong}`)
      }
    }
  }
  t.same(faults, [])

  const lists = ['workspaces', `workspaces/${desk.ids.workspaceId}/members`, 'invites', 'tasks', 'sessions']
  const refused = ['limit=0', 'limit=101', 'limit=-1', 'limit=1.5', 'limit=1e999', 'limit=x', 'cursor=x', 'cursor=%00']
  for (const list of lists) {
    const ann = await desk.annAgain()
    for (const query of refused)
      t.equal((await ann.open(`/api/v1/${list}?${query}`)).statusCode, 400, `${list} ${query}`)
    t.same((await ann.open(`/api/v1/${list}?cursor=${nobodys}`)).json(), { items: [], next_cursor: null }, list)
    t.equal((await ann.open(`/api/v1/${list}?limit=100`)).statusCode, 200, list)
  }
})

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

async function tokenOf(carrel: Pick<Carrel, 'visitor'>): Promise<string> {
  const answer = await carrel.visitor().api('POST', '/api/v1/auth/login', { email: 'ann@example.com', password })
  return answer.json().access_token
}

t.test('a cookie or a token that is broken, forged, foreign or over makes nobody of anybody', async (t) => {
  const { visitor, ann, clock } = await annsDesk(t)
  const elsewhere = await startApp(t)
  const annElsewhere = await elsewhere.person('Ann')

  const token = await tokenOf({ visitor })
  const [head, claims, signature] = token.split('.') as [string, string, string]
  const told = JSON.parse(Buffer.from(claims, 'base64url').toString())
  const tokens = [
    '',
    ' ',
    'x',
    '..',
    'a.b.c',
    `${head}.${claims}.`,
    `${head}.${claims}.${signature.slice(0, -2)}`,
    `${head}.${encoded({ ...told, sub: nobodys })}.${signature}`,
    `${encoded({ alg: 'none', typ: 'at+jwt' })}.${claims}.`,
    `${encoded({ alg: 'HS512', typ: 'at+jwt' })}.${claims}.${signature}`,
    `${head}.${Buffer.from('{"__proto__":{}}').toString('base64url')}.${signature}`,
    await tokenOf(elsewhere),
    'x'.repeat(10_000)
  ]
  const schemes = ['Bearer', 'bearer  ', 'Basic', 'Digest', '', '\u00e9', token].map((scheme) => `${scheme} x`)
  const session = ann.cookies.get('session_id') as string
  const cookies = [
    'session_id',
    'session_id=',
    'session_id=%00',
    'session_id=%',
    `session_id=${session.slice(1)}`,
    `session_id=${session.toLowerCase()}`,
    `session_id="${session}x"`,
    `session_id=${annElsewhere.cookies.get('session_id')}`,
    `session_id=${told.sid}`,
    `session_id=${token}`,
    `__Host-session_id=${session}`,
    '__proto__=x; constructor=y; =; ;;; ',
    `session_id=${'x'.repeat(10_000)}`
  ]
  async function nobody(headers: Record<string, string>) {
    const what = JSON.stringify(headers).slice(0, 100)
    const api = await visitor().request('GET', '/api/v1/auth/me', undefined, headers)
    t.match(api.json(), { statusCode: 401, code: 'SIGN_IN_REQUIRED' }, what)
    t.equal((await visitor().request('GET', '/workspaces', undefined, headers)).statusCode, 303, what)
    t.equal((await visitor().request('GET', '/register', undefined, headers)).statusCode, 200, what)
  }

  for (const one of tokens) await nobody({ authorization: `Bearer ${one}` })
  for (const authorization of schemes) await nobody({ authorization })
  for (const cookie of cookies) await nobody({ cookie })
  await nobody({ cookie: `session_id=${session}`, authorization: 'Bearer x' })

  t.equal((await ann.open('/api/v1/auth/me')).statusCode, 200)
  clock.pass(7 * 24 * 3600 + 1)
  await nobody({ authorization: `Bearer ${token}` })
  await nobody({ cookie: `session_id=${session}` })
})

t.test('a cookie makes a page say nothing but what we say', async (t) => {
  const { visitor } = await startApp(t)
  const plain = (await visitor().open('/login')).body
  for (const notice of ['constructor', '__proto__', 'toString', '<b>', 'signed-out%00']) {
    const browser = visitor()
    browser.cookies.set('notice', notice)
    t.equal((await browser.open('/login')).body, plain, notice)
  }
})

/** What comes back on a plain socket, until the other side hangs up. */
async function onSocket(port: number, text: string, hangUp = false): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => {
    answer += data
  })
  socket.on('error', () => {})
  socket[hangUp ? 'end' : 'write'](text, 'latin1')
  await new Promise((resolve) => socket.once('close', resolve))
  return answer
}

t.test('requests that are hardly HTTP are refused, and the next one is served', async (t) => {
  const { app } = await startApp(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const get = 'GET /login HTTP/1.1\r\nHost: a\r\n'
  const post = `POST /api/auth/signup HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${json}\r\n`
  const refused = {
    'a huge header': `${get}X: ${long}\r\n\r\n`,
    'a huge path': `GET /${long} HTTP/1.1\r\nHost: a\r\n\r\n`,
    'ten thousand headers': `${get}${'X: y\r\n'.repeat(10_000)}\r\n`,
    'a NUL in a header': `${get}Cookie: a=\0\r\n\r\n`,
    'no HTTP': '\0\x01\x02\r\n\r\n',
    'two lengths': `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`,
    'a length and chunks': `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a negative length': `${post}Content-Length: -1\r\n\r\n`,
    'a length beyond the limit': `${post}Content-Length: 999999999\r\n\r\n{}`,
    'no host': 'GET /login HTTP/1.1\r\n\r\n'
  }
  for (const [what, text] of Object.entries(refused)) t.match(await onSocket(port, text), /^HTTP\/1\.1 4\d\d /, what)
  for (const text of [`${post}Content-Length: 100\r\n\r\n{"email":"`, get, 'GET', '']) {
    t.notMatch(await onSocket(port, text, true), /^HTTP\/1\.1 [25]/)
  }
  for (const agent of ['', '\x80\xff', 'x'.repeat(9000)]) {
    const closing = `User-Agent: ${agent}\r\nCookie: a=\xff; session_id=\xff\r\nConnection: close\r\n\r\n`
    t.match(await onSocket(port, get + closing), /^HTTP\/1\.1 200 /)
  }
  t.same(await app.db.selectFrom('accounts').selectAll().execute(), [])
})

t.test('a text instead of fields is not taken apart letter by letter', async (t) => {
  const { app, visitor } = await startApp(t)
  const asked: string[] = []
  app.addHook('preHandler', async (request, reply) => {
    const page = reply.page.bind(reply)
    reply.page = (name, data) => {
      asked.push(...Object.keys((data as { typed?: object })?.typed ?? {}))
      return page(name, data)
    }
    void request
  })
  for (const url of ['/register', '/login', '/setup', '/verify-email']) {
    const answer = await send(visitor(), 'POST', url, [json, JSON.stringify('x'.repeat(200_000))])
    t.ok([404, 422].includes(answer.statusCode), `${url}: ${answer.statusCode}`)
  }
  t.same(asked, [])
})

t.test('no JSON at all makes a JSON route fail', { timeout: 60_000 }, async (t) => {
  const desk = await annsDesk(t)
  const routes = desk.app.routeTable.filter(({ method, url }) => unsafe.includes(method) && forPrograms(url))
  const right = routes.map(({ url }) => rightBody(url, desk.ids))
  const fields = [...new Set(right.flatMap((body) => Object.keys(body)))]
  const sound = right.flatMap((body) => Object.values(body))
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constantFrom('\0', '\ud800'))
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), text, fc.constantFrom(...sound))
  const body = fc.oneof(
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 8 }) }
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), fc.boolean(), body, async ({ method, url }, asAnn, body) => {
      const browser = asAnn ? await desk.annAgain() : desk.visitor()
      const sent = { ...rightBody(url, desk.ids), ...(typeof body === 'object' && body) }
      for (const one of [body, sent]) {
        const shown = asAnn ? desk.shown(url) : {}
        const answer = await send(browser, method, at(url, desk.ids), [json, JSON.stringify(one)], shown)
        const wrong = fault(url, answer)
        if (wrong) throw new Error(`${method} ${url}: ${wrong} ${answer.body}`)
      }
    }),
    { numRuns: 200 }
  )
  t.same(await missing(desk), [])
})

t.test('a program may name the type of a body that it does not send', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const json = { 'content-type': 'application/json' }
  t.equal((await ann.request('DELETE', `/api/v1/workspaces/${flat}`, '', json)).statusCode, 204)
  t.match(await ann.request('POST', '/api/v1/workspaces', '', json), { statusCode: 400, body: /INVALID/ })
})
