import type { LightMyRequestResponse as Answer } from 'fastify'
import t, { type Test } from 'tap'
import { newId } from '../src/ids.ts'
import type { Browser } from './support/browser.ts'
import { type Carrel, startApp } from './support/carrel.ts'

type Who = 'nobody' | 'stranger' | 'viewer' | 'editor' | 'owner'
type Expected = Record<Who, number>
type IdName =
  | 'workspaceId'
  | 'accountId'
  | 'inviteId'
  | 'taskId'
  | 'sessionId'
  | 'documentId'
  | 'tagId'
  | 'chatId'
  | 'messageId'
  | 'memoryId'
  | 'identityId'
  | 'code'
type Ids = Record<IdName, string>
type Row = { expected: Expected; body?: (ids: Ids) => object }

const each = (nobody: number, stranger: number, viewer: number, editor: number, owner: number): Expected => ({
  nobody,
  stranger,
  viewer,
  editor,
  owner
})
const page = {
  open: each(200, 200, 200, 200, 200),
  own: each(303, 200, 200, 200, 200),
  done: each(303, 303, 303, 303, 303)
}
const api = {
  own: each(401, 200, 200, 200, 200),
  theirs: each(401, 404, 404, 404, 200),
  gone: each(401, 404, 404, 404, 204)
}
const ownersForm = each(303, 404, 403, 403, 303)
const membersPage = each(303, 404, 200, 200, 200)
const addersPage = each(303, 404, 403, 200, 200)
const changersPage = each(303, 404, 403, 403, 200)
const ownersPage = each(303, 404, 404, 404, 200)
const ownersOwn = each(303, 404, 404, 404, 303)
const nowhere = '01900000-0000-7000-8000-000000000000'
const samePassword = { current_password: 'four unrelated words', password: 'four unrelated words' }
const nobodys = { email: 'nobody@example.com', password: 'nobody at all here' }

/** What each route answers to whom. A route that is missing here fails the test. */
const table: Record<string, Row> = {
  'GET /health': { expected: page.open },
  'GET /ready': { expected: page.open },
  'GET /': { expected: page.open },
  'GET /register': { expected: each(200, 303, 303, 303, 303) },
  'POST /register': { expected: each(422, 422, 422, 422, 422), body: () => ({}) },
  'GET /login': { expected: each(200, 303, 303, 303, 303) },
  'POST /login': { expected: each(422, 422, 422, 422, 422), body: () => nobodys },
  'POST /logout': { expected: page.done },
  'GET /setup': { expected: each(404, 404, 404, 404, 404) },
  'POST /setup': { expected: each(422, 422, 422, 422, 422), body: () => ({}) },
  'GET /verify-email': { expected: each(404, 404, 404, 404, 404) },
  'POST /verify-email': {
    expected: each(404, 404, 404, 404, 404),
    body: () => ({ token: 'unknown', password: 'none' })
  },
  'POST /api/auth/signup': { expected: each(400, 400, 400, 400, 400), body: () => ({}) },
  'POST /api/v1/auth/login': { expected: each(401, 401, 401, 401, 401), body: () => nobodys },
  'GET /api/v1/auth/me': { expected: api.own },
  'GET /api/v1/username': { expected: api.own },
  'PATCH /api/v1/auth/me': { expected: api.own, body: () => ({ firstName: 'New' }) },
  'PATCH /api/v1/auth/password': { expected: each(401, 204, 204, 204, 204), body: () => samePassword },
  'GET /login/with/:provider': { expected: each(404, 404, 404, 404, 404) },
  'POST /login/with/:provider': { expected: each(404, 404, 404, 404, 404), body: () => ({ next: '/tasks' }) },
  'GET /login/with/:provider/callback': { expected: each(404, 404, 404, 404, 404) },
  'GET /login/link': { expected: page.done },
  'POST /login/link': { expected: page.done, body: () => ({ password: 'none' }) },
  'POST /settings/identities/:identityId/unlink': { expected: each(303, 404, 404, 404, 303) },
  'GET /settings/profile': { expected: page.own },
  'POST /settings/profile': {
    expected: page.done,
    body: () => ({ firstName: 'New', lastName: 'Name', username: newId().slice(-12) })
  },
  'GET /settings/password': { expected: page.own },
  'POST /settings/password': { expected: page.done, body: () => samePassword },
  'POST /api/v1/auth/logout': { expected: each(401, 204, 204, 204, 204) },

  'GET /settings/sessions': { expected: page.own },
  'POST /settings/sessions/:sessionId/end': { expected: each(303, 404, 404, 404, 303) },
  'POST /settings/sessions/end-others': { expected: page.done },
  'GET /api/v1/sessions': { expected: api.own },
  'GET /api/v1/sessions/:sessionId': { expected: api.theirs },
  'DELETE /api/v1/sessions/:sessionId': { expected: api.gone },

  'GET /room': { expected: page.done },
  'GET /workspaces': { expected: page.own },
  'GET /workspaces/new': { expected: page.own },
  'POST /workspaces': { expected: page.done, body: () => ({ name: 'Another' }) },
  'GET /workspaces/:workspaceId': { expected: each(303, 404, 200, 200, 200) },
  'GET /workspaces/:workspaceId/settings': { expected: each(303, 404, 200, 200, 200) },
  'POST /workspaces/:workspaceId': { expected: ownersForm, body: () => ({ name: 'Renamed' }) },
  'GET /workspaces/:workspaceId/delete': { expected: each(303, 404, 403, 403, 200) },
  'POST /workspaces/:workspaceId/delete': { expected: ownersForm },
  'POST /workspaces/:workspaceId/leave': { expected: each(303, 404, 303, 303, 409) },
  'POST /workspaces/:workspaceId/members/:accountId': { expected: ownersForm, body: () => ({ role: 'viewer' }) },
  'POST /workspaces/:workspaceId/members/:accountId/remove': { expected: ownersForm },
  'GET /api/v1/workspaces': { expected: api.own },
  'POST /api/v1/workspaces': { expected: each(401, 201, 201, 201, 201), body: () => ({ name: 'Another' }) },
  'GET /api/v1/workspaces/:workspaceId': { expected: each(401, 404, 200, 200, 200) },
  'PATCH /api/v1/workspaces/:workspaceId': { expected: each(401, 404, 403, 403, 200), body: () => ({ name: 'New' }) },
  'DELETE /api/v1/workspaces/:workspaceId': { expected: each(401, 404, 403, 403, 204) },
  'GET /api/v1/workspaces/:workspaceId/members': { expected: each(401, 404, 200, 200, 200) },
  'PATCH /api/v1/workspaces/:workspaceId/members/:accountId': {
    expected: each(401, 404, 403, 403, 200),
    body: () => ({ role: 'viewer' })
  },
  'DELETE /api/v1/workspaces/:workspaceId/members/:accountId': { expected: each(401, 404, 403, 403, 204) },

  'GET /invite-coparent': { expected: page.own },
  'POST /invite-coparent': {
    expected: ownersForm,
    body: ({ workspaceId }) => ({ workspace_id: workspaceId, role: 'viewer' })
  },
  'GET /invite': { expected: page.own },
  'POST /invite': { expected: ownersForm, body: ({ workspaceId }) => ({ workspace_id: workspaceId, role: 'viewer' }) },
  'POST /invites/:inviteId/revoke': { expected: each(303, 404, 404, 404, 303) },
  'GET /accept-invite': { expected: page.open },
  'POST /accept-invite': { expected: page.done, body: ({ code }) => ({ code }) },
  'GET /api/v1/invites': { expected: api.own },
  'POST /api/v1/invites': {
    expected: each(401, 404, 403, 403, 201),
    body: ({ workspaceId }) => ({ workspace_id: workspaceId, role: 'viewer' })
  },
  'GET /api/v1/invites/:inviteId': { expected: api.theirs },
  'DELETE /api/v1/invites/:inviteId': { expected: api.gone },
  'POST /api/v1/invites/accept': { expected: each(401, 200, 200, 200, 200), body: ({ code }) => ({ code }) },

  'GET /tasks': { expected: page.own },
  'POST /tasks/:taskId': { expected: each(303, 404, 404, 404, 303), body: () => ({ status: 'done' }) },
  'GET /api/v1/tasks': { expected: api.own },
  'GET /workspaces/:workspaceId/documents/new': { expected: addersPage },
  'POST /workspaces/:workspaceId/documents': {
    expected: each(303, 404, 403, 303, 303),
    body: () => ({ text: newId() })
  },
  'GET /workspaces/:workspaceId/documents/:documentId': { expected: membersPage },
  'GET /workspaces/:workspaceId/documents/:documentId/original': { expected: membersPage },
  'GET /workspaces/:workspaceId/documents/:documentId/settings': { expected: changersPage },
  'POST /workspaces/:workspaceId/documents/:documentId': { expected: ownersForm, body: () => ({ title: 'Renamed' }) },
  'POST /workspaces/:workspaceId/documents/:documentId/retry': { expected: ownersForm },
  'GET /workspaces/:workspaceId/documents/:documentId/delete': { expected: changersPage },
  'POST /workspaces/:workspaceId/documents/:documentId/delete': { expected: ownersForm },
  'GET /api/v1/documents': { expected: api.own },
  'POST /api/v1/documents': {
    expected: each(401, 404, 403, 201, 201),
    body: ({ workspaceId }) => ({ workspace_id: workspaceId, text: newId() })
  },
  'GET /api/v1/documents/:documentId': { expected: each(401, 404, 200, 200, 200) },
  'GET /api/v1/documents/:documentId/citations': { expected: each(401, 404, 200, 200, 200) },
  'PATCH /api/v1/documents/:documentId': { expected: each(401, 404, 403, 403, 200), body: () => ({ title: 'New' }) },
  'POST /api/v1/documents/:documentId/retry': { expected: each(401, 404, 403, 403, 200) },
  'DELETE /api/v1/documents/:documentId': { expected: each(401, 404, 403, 403, 204) },
  'GET /workspaces/:workspaceId/search': { expected: membersPage },
  'GET /api/v1/search': { expected: each(401, 400, 400, 400, 400) },

  'POST /workspaces/:workspaceId/chats': {
    expected: each(303, 404, 303, 303, 303),
    body: () => ({ question: 'Why?' })
  },
  'GET /workspaces/:workspaceId/chats': { expected: membersPage },
  'GET /workspaces/:workspaceId/chats/:chatId': { expected: ownersPage },
  'GET /workspaces/:workspaceId/chats/:chatId/export': { expected: ownersPage },
  'POST /workspaces/:workspaceId/chats/:chatId/messages': {
    expected: ownersOwn,
    body: () => ({ question: 'And then?' })
  },
  'POST /workspaces/:workspaceId/chats/:chatId/messages/:messageId/again': { expected: ownersOwn },
  'POST /workspaces/:workspaceId/chats/:chatId/messages/:messageId/stop': { expected: ownersOwn },
  'GET /workspaces/:workspaceId/chats/:chatId/settings': { expected: ownersPage },
  'POST /workspaces/:workspaceId/chats/:chatId/rename': { expected: ownersOwn, body: () => ({ title: 'Renamed' }) },
  'POST /workspaces/:workspaceId/chats/:chatId/delete': { expected: ownersOwn },
  'GET /api/v1/chats': { expected: api.own },
  'POST /api/v1/chats': {
    expected: each(401, 404, 201, 201, 201),
    body: ({ workspaceId }) => ({ workspace_id: workspaceId })
  },
  'GET /api/v1/chats/:chatId': { expected: api.theirs },
  'PATCH /api/v1/chats/:chatId': { expected: api.theirs, body: () => ({ title: 'Renamed' }) },
  'DELETE /api/v1/chats/:chatId': { expected: api.gone },
  'GET /api/v1/chats/:chatId/messages': { expected: api.theirs },
  'POST /api/v1/chats/:chatId/messages': {
    expected: each(401, 404, 404, 404, 201),
    body: () => ({ content: 'And then?' })
  },
  'GET /api/v1/chats/:chatId/messages/:messageId': { expected: api.theirs },
  'POST /api/v1/chats/:chatId/messages/:messageId/again': { expected: api.theirs },
  'POST /api/v1/chats/:chatId/messages/:messageId/stop': { expected: api.theirs },

  'GET /memory': { expected: page.own },
  'POST /memory': { expected: page.done, body: () => ({ text: newId() }) },
  'GET /memory/forget': { expected: page.own },
  'POST /memory/forget': { expected: page.done },
  'GET /memory/:memoryId': { expected: ownersPage },
  'POST /memory/:memoryId': { expected: ownersOwn, body: () => ({ text: newId() }) },
  'POST /memory/:memoryId/forget': { expected: ownersOwn },
  'GET /settings/memory': { expected: page.own },
  'POST /settings/memory': { expected: page.done, body: () => ({ memory: 'on' }) },
  'GET /api/v1/memories': { expected: api.own },
  'POST /api/v1/memories': { expected: each(401, 201, 201, 201, 201), body: () => ({ text: newId() }) },
  'DELETE /api/v1/memories': { expected: each(401, 204, 204, 204, 204) },
  'GET /api/v1/memories/:memoryId': { expected: api.theirs },
  'PATCH /api/v1/memories/:memoryId': { expected: api.theirs, body: () => ({ text: newId() }) },
  'DELETE /api/v1/memories/:memoryId': { expected: api.gone },

  'GET /tags': { expected: page.own },
  'POST /tags': { expected: page.done, body: () => ({ name: newId() }) },
  'GET /tags/:tagId': { expected: ownersPage },
  'POST /tags/:tagId': { expected: ownersOwn, body: () => ({ name: newId() }) },
  'POST /tags/:tagId/delete': { expected: ownersOwn },
  'GET /api/v1/tags': { expected: api.own },
  'POST /api/v1/tags': { expected: each(401, 201, 201, 201, 201), body: () => ({ name: newId() }) },
  'GET /api/v1/tags/:tagId': { expected: api.theirs },
  'PATCH /api/v1/tags/:tagId': { expected: api.theirs, body: () => ({ name: newId() }) },
  'DELETE /api/v1/tags/:tagId': { expected: api.gone },

  'GET /api/v1/tasks/:taskId': { expected: api.theirs },
  'PATCH /api/v1/tasks/:taskId': { expected: api.theirs, body: () => ({ status: 'done' }) },
  'DELETE /api/v1/tasks/:taskId': { expected: api.gone }
}

const routesOf = ({ app }: Carrel) =>
  app.routeTable.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`)

/** A workspace of the owner's with an editor and a viewer, somebody else in it, and an open invite to it. */
async function furnish(
  carrel: Carrel,
  people: Record<'owner' | 'editor' | 'viewer', Browser>,
  other: Browser,
  route = ''
): Promise<Ids> {
  const { owner, editor, viewer } = people
  const workspaceId = await owner.makesWorkspace('Home papers')
  for (const [browser, role] of [
    [editor, 'editor'],
    [viewer, 'viewer'],
    [other, 'editor']
  ] as const) {
    await browser.accepts(await owner.invites(workspaceId, role))
  }
  const code = await owner.invites(workspaceId, 'viewer', { uses: 9 })
  const first = async (url: string) => (await owner.open(url)).json().items[0].id
  const db = carrel.app.db
  await db.deleteFrom('throttles').execute()
  const account = await owner.me()
  const spare = await db
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', account.id)
    .executeTakeFirstOrThrow()
  const sessionId = newId()
  await db
    .insertInto('sessions')
    .values({ ...spare, id: sessionId, token_hash: sessionId })
    .execute()
  // There are many routes; what only some of them name is only made for these.
  const named = async (name: IdName, make: () => Promise<string>) =>
    route === '' || route.includes(`:${name}`) ? make() : nowhere
  const made = async (url: string, body: object) => (await owner.api('POST', url, body)).json().id
  const chatId = await named('chatId', () => made('/api/v1/chats', { workspace_id: workspaceId }))
  const ask = () => owner.api('POST', `/api/v1/chats/${chatId}/messages`, { content: 'Why?' })
  return {
    workspaceId,
    chatId,
    messageId: await named('messageId', async () => (await ask()).json().answer.id),
    documentId: await named('documentId', () =>
      made('/api/v1/documents', { workspace_id: workspaceId, text: newId(), tags: [newId()] })
    ),
    tagId: await named('tagId', () => made('/api/v1/tags', { name: newId() })),
    memoryId: await named('memoryId', () => made('/api/v1/memories', { text: newId() })),
    identityId: await named('identityId', () => linksElsewhere(carrel, account.id)),
    accountId: (await other.me()).id,
    inviteId: await first('/api/v1/invites'),
    taskId: await first('/api/v1/tasks'),
    sessionId,
    code
  }
}

/** A sign-in elsewhere of its own. */
async function linksElsewhere({ app }: Carrel, account_id: string): Promise<string> {
  const [id, at] = [newId(), new Date().toISOString()]
  const named = { issuer: `https://${id}.example.com/`, subject: id, email: null }
  await app.db
    .insertInto('identities')
    .values({ id, account_id, ...named, created_at: at, last_used_at: at })
    .execute()
  return id
}

async function signedIn(carrel: Carrel, name: string): Promise<Browser> {
  const browser = carrel.visitor()
  await browser.submit('/login', { email: `${name}@example.com`, password: 'four unrelated words', remember: 'on' })
  return browser
}

const filledIn = (url: string, ids: Ids) => url.replaceAll(/:(\w+)/g, (_, name) => ids[name as keyof Ids])

function call(browser: Browser, route: string, ids: Ids) {
  const [method, url] = route.split(' ') as ['GET', string]
  const path = filledIn(url, ids)
  const body = table[route]?.body?.(ids)
  if (method !== 'GET' && !path.startsWith('/api/')) return browser.submit(path, body as Record<string, string>)
  return browser.api(method, path, body)
}

t.test('every route is in the table, and the table names no route that is not there', async (t) => {
  t.same(Object.keys(table).sort(), [...new Set(routesOf(await startApp(t)))].sort())
})

const names = ['owner', 'editor', 'viewer', 'stranger', 'other', 'admin', 'disabled'] as const

async function populate(t: Test) {
  const carrel = await startApp(t)
  // What is put here is asked for, not read.
  await carrel.app.reading.stop()
  for (const name of names) await carrel.person(name)
  const { db } = carrel.app
  await db.updateTable('accounts').set({ role: 'admin' }).where('username', '=', 'admin').execute()
  return carrel
}

/** Everybody at a browser of their own: one whose session was ended and one who was disabled while signed in too. */
async function everybody(carrel: Carrel) {
  const { db } = carrel.app
  const disabled = (at: string | null) =>
    db.updateTable('accounts').set({ disabled_at: at }).where('username', '=', 'disabled').execute()
  await disabled(null)
  const people = {
    nobody: carrel.visitor(),
    ended: await signedIn(carrel, 'stranger'),
    disabled: await signedIn(carrel, 'disabled'),
    stranger: await signedIn(carrel, 'stranger'),
    admin: await signedIn(carrel, 'admin'),
    viewer: await signedIn(carrel, 'viewer'),
    editor: await signedIn(carrel, 'editor'),
    owner: await signedIn(carrel, 'owner')
  }
  const { items } = (await people.ended.open('/api/v1/sessions')).json()
  const session = items.find(({ current }: { current: boolean }) => current).id
  await db.deleteFrom('sessions').where('id', '=', session).execute()
  await disabled(new Date().toISOString())
  return people
}

/** Who somebody is as far as the table is concerned. */
const standing = (who: string): Who =>
  who === 'ended' || who === 'disabled' ? 'nobody' : who === 'admin' ? 'stranger' : (who as Who)

t.test('every route answers everybody as the table says', async (t) => {
  const carrel = await populate(t)
  const other = await signedIn(carrel, 'other')
  for (const route of routesOf(carrel)) {
    const people = await everybody(carrel)
    for (const [who, browser] of Object.entries(people)) {
      const ids = await furnish(carrel, people, other, route)
      const answer = await call(browser, route, ids)
      const expected = table[route]?.expected[standing(who)]
      t.equal(answer.statusCode, expected, `${who}: ${route}`)
      if (standing(who) === 'nobody' && expected === 303 && route !== 'POST /logout') {
        t.match(answer.headers.location, /^\/login/, `${who} is led to sign in: ${route}`)
      }
      if (/logout|end-others/.test(route)) Object.assign(people, await everybody(carrel))
    }
  }
})

t.test('a bearer token opens what its session opens, and nothing once that has ended', async (t) => {
  const carrel = await populate(t)
  const people = await everybody(carrel)
  const ids = await furnish(carrel, people, await signedIn(carrel, 'other'))
  const login = { username: 'owner', password: 'four unrelated words' }
  const token = (await carrel.visitor().api('POST', '/api/v1/auth/login', login)).json().access_token
  const bearer = { authorization: `Bearer ${token}` }
  const routes = routesOf(carrel).filter((route) => route.startsWith('GET /api/v1'))
  const ask = (route: string) => carrel.app.inject({ url: filledIn(route.slice(4), ids), headers: bearer })

  for (const route of routes) t.equal((await ask(route)).statusCode, table[route]?.expected.owner, route)
  await carrel.app.inject({ method: 'POST', url: '/api/v1/auth/logout', headers: bearer })
  for (const route of routes) t.equal((await ask(route)).statusCode, 401, `ended: ${route}`)
})

t.test("a stranger's answer is that of a thing that never existed, byte for byte", async (t) => {
  const carrel = await populate(t)
  const people = await everybody(carrel)
  const ids = await furnish(carrel, people, await signedIn(carrel, 'other'))
  const plain = ({
    statusCode,
    headers: { date: _, 'ratelimit-remaining': __, 'ratelimit-reset': ___, ...headers },
    body
  }: Answer) => ({
    statusCode,
    headers,
    body
  })

  for (const route of routesOf(carrel).filter(
    (route) => route.includes(':') || table[route]?.body?.(ids) !== undefined
  )) {
    if (table[route]?.expected.stranger !== 404) continue
    const never = Object.fromEntries(Object.keys(ids).map((name) => [name, newId()])) as Ids
    const theirs = await call(people.stranger, route, ids)
    t.same(plain(theirs), plain(await call(people.stranger, route, never)), route)
  }
})
