import type { LightMyRequestResponse as Answer } from 'fastify'
import t, { type Test } from 'tap'
import { newId } from '../src/ids.ts'
import { giveOnboardingTasks } from '../src/tasks/store.ts'
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
  | 'promptId'
  | 'keyId'
  | 'instanceId'
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

const aProgram = { upload_name: 'A loader', tags: { model_name: 'none', is_cot: false, document_count: 0 } }

const aPrompt = { title: 'What is due', text: 'What is due this month?' }

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
  'POST /api/v1/auth/refresh': {
    expected: each(401, 401, 401, 401, 401),
    body: () => ({ refresh_token: 'crr_unknown' })
  },
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

  'GET /settings/api-keys': { expected: page.own },
  'POST /settings/api-keys': {
    expected: page.done,
    body: () => ({ name: 'A script', scopes: 'read', expires: 'never' })
  },
  'POST /settings/api-keys/:keyId/revoke': { expected: ownersOwn },
  'GET /api/v1/api-keys': { expected: api.own },
  'POST /api/v1/api-keys': {
    expected: each(401, 201, 201, 201, 201),
    body: () => ({ name: 'A script', scopes: ['read'] })
  },
  'GET /api/v1/api-keys/:keyId': { expected: api.theirs },
  'PATCH /api/v1/api-keys/:keyId': { expected: api.theirs, body: () => ({ name: 'Renamed' }) },
  'DELETE /api/v1/api-keys/:keyId': { expected: api.gone },

  'GET /settings/instances': { expected: page.own },
  'POST /settings/instances': { expected: page.done, body: () => ({ upload_name: 'A loader' }) },
  'GET /settings/instances/:instanceId': { expected: ownersPage },
  'POST /settings/instances/:instanceId': { expected: ownersOwn, body: () => ({ upload_name: 'A loader' }) },
  'POST /settings/instances/:instanceId/rotate': { expected: ownersOwn },
  'POST /settings/instances/:instanceId/disable': { expected: ownersOwn },
  'POST /settings/instances/:instanceId/enable': { expected: ownersOwn },
  'POST /settings/instances/:instanceId/delete': { expected: ownersOwn },
  'GET /api/v1/instances': { expected: api.own },
  'POST /api/v1/instances': {
    expected: each(401, 404, 403, 201, 201),
    body: ({ workspaceId }) => ({ ...aProgram, workspace_id: workspaceId })
  },
  'GET /api/v1/instances/:instanceId': { expected: api.theirs },
  'PATCH /api/v1/instances/:instanceId': { expected: api.theirs, body: () => ({ disabled: true }) },
  'POST /api/v1/instances/:instanceId/rotate': { expected: api.theirs },
  'DELETE /api/v1/instances/:instanceId': { expected: api.gone },

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

  'POST /workspaces/:workspaceId/chats/:chatId/messages/:messageId/keep': { expected: ownersOwn },
  'GET /prompts': { expected: page.own },
  'POST /prompts': { expected: page.done, body: () => aPrompt },
  'GET /prompts/:promptId': { expected: ownersPage },
  'POST /prompts/:promptId': { expected: ownersOwn, body: () => aPrompt },
  'POST /prompts/:promptId/delete': { expected: ownersOwn },
  'GET /api/v1/prompts': { expected: api.own },
  'POST /api/v1/prompts': {
    expected: each(401, 404, 201, 201, 201),
    body: ({ workspaceId }) => ({ ...aPrompt, workspace_id: workspaceId })
  },
  'GET /api/v1/prompts/:promptId': { expected: api.theirs },
  'PATCH /api/v1/prompts/:promptId': { expected: api.theirs, body: () => ({ title: 'Renamed' }) },
  'DELETE /api/v1/prompts/:promptId': { expected: api.gone },

  'GET /docs': { expected: page.open },
  'GET /docs/json': { expected: page.open },
  'GET /docs/:group': { expected: each(404, 404, 404, 404, 404) },

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
    promptId: await named('promptId', () => made('/api/v1/prompts', aPrompt)),
    memoryId: await named('memoryId', () => made('/api/v1/memories', { text: newId() })),
    keyId: await named('keyId', () => made('/api/v1/api-keys', { name: 'A script', scopes: ['read'] })),
    instanceId: await named('instanceId', async () => {
      const program = { ...aProgram, workspace_id: workspaceId }
      return (await owner.api('POST', '/api/v1/instances', program)).json().instance_id
    }),
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

/** What a key opens, by what it needs. Whatever of the API stands nowhere here is for people alone. */
const doors: Record<string, string[]> = {
  anybody: ['POST /api/auth/signup', 'POST /api/v1/auth/login', 'POST /api/v1/auth/refresh'],
  'read inside': [
    'GET /api/v1/workspaces',
    'GET /api/v1/workspaces/:workspaceId',
    'GET /api/v1/documents',
    'GET /api/v1/documents/:documentId',
    'GET /api/v1/search',
    'GET /api/v1/chats',
    'GET /api/v1/chats/:chatId',
    'GET /api/v1/chats/:chatId/messages',
    'GET /api/v1/chats/:chatId/messages/:messageId'
  ],
  'write inside': [
    'POST /api/v1/documents',
    'PATCH /api/v1/documents/:documentId',
    'DELETE /api/v1/documents/:documentId',
    'POST /api/v1/documents/:documentId/retry',
    'POST /api/v1/chats',
    'PATCH /api/v1/chats/:chatId',
    'DELETE /api/v1/chats/:chatId',
    'POST /api/v1/chats/:chatId/messages',
    'POST /api/v1/chats/:chatId/messages/:messageId/again',
    'POST /api/v1/chats/:chatId/messages/:messageId/stop'
  ],
  read: [
    'GET /api/v1/documents/:documentId/citations',
    'GET /api/v1/invites',
    'GET /api/v1/invites/:inviteId',
    'GET /api/v1/memories',
    'GET /api/v1/memories/:memoryId',
    'GET /api/v1/prompts',
    'GET /api/v1/prompts/:promptId',
    'GET /api/v1/tags',
    'GET /api/v1/tags/:tagId',
    'GET /api/v1/tasks',
    'GET /api/v1/tasks/:taskId',
    'GET /api/v1/workspaces/:workspaceId/members'
  ],
  write: [
    'POST /api/v1/workspaces',
    'PATCH /api/v1/workspaces/:workspaceId',
    'DELETE /api/v1/workspaces/:workspaceId',
    'PATCH /api/v1/workspaces/:workspaceId/members/:accountId',
    'DELETE /api/v1/workspaces/:workspaceId/members/:accountId',
    'POST /api/v1/invites',
    'DELETE /api/v1/invites/:inviteId',
    'POST /api/v1/invites/accept',
    'POST /api/v1/memories',
    'DELETE /api/v1/memories',
    'PATCH /api/v1/memories/:memoryId',
    'DELETE /api/v1/memories/:memoryId',
    'POST /api/v1/prompts',
    'PATCH /api/v1/prompts/:promptId',
    'DELETE /api/v1/prompts/:promptId',
    'POST /api/v1/tags',
    'PATCH /api/v1/tags/:tagId',
    'DELETE /api/v1/tags/:tagId',
    'PATCH /api/v1/tasks/:taskId',
    'DELETE /api/v1/tasks/:taskId'
  ],
  profile: ['GET /api/v1/username', 'GET /api/v1/auth/me'],
  email: ['GET /api/v1/auth/me']
}
const opens = (door: string, route: string) => doors[door]?.includes(route) === true
const everyScope = ['read', 'write', 'profile', 'email']

/** Every kind of credential of the owner's that a program can show, and what becomes of it. */
async function credentials(carrel: Carrel, { owner }: { owner: Browser }, { workspaceId }: Ids) {
  const { db } = carrel.app
  const key = async (wish: object) =>
    (await owner.api('POST', '/api/v1/api-keys', { name: 'A script', scopes: everyScope, ...wish })).json()
  const instance = async () =>
    (await owner.api('POST', '/api/v1/instances', { ...aProgram, workspace_id: workspaceId })).json()
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  })
  const login = { username: 'owner', password: 'four unrelated words' }
  const token = (await carrel.visitor().api('POST', '/api/v1/auth/login', login)).json().access_token
  const [whole, held, expired, revoked] = [
    await key({}),
    await key({ workspace_id: workspaceId }),
    await key({}),
    await key({})
  ]
  const away = await key({ workspace_id: await owner.makesWorkspace('Elsewhere') })
  const past = carrel.clock.now().toISOString()
  await db.updateTable('api_keys').set({ expires_at: past }).where('id', '=', expired.id).execute()
  await owner.api('DELETE', `/api/v1/api-keys/${revoked.id}`)
  const [program, disabled] = [await instance(), await instance()]
  await owner.api('PATCH', `/api/v1/instances/${disabled.instance_id}`, { disabled: true })
  const scoped = everyScope.map(async (scope) => [scope, (await key({ scopes: [scope] })).key] as const)
  return {
    token,
    good: {
      token: { authorization: `Bearer ${token}` },
      key: { 'x-api-key': whole.key },
      'key for the workspace': { 'x-api-key': held.key },
      'key for elsewhere': { 'x-api-key': away.key },
      instance: basic(program.instance_id, program.instance_password)
    },
    scoped: await Promise.all(scoped),
    bad: {
      'expired key': { 'x-api-key': expired.key },
      'revoked key': { 'x-api-key': revoked.key },
      'mistyped key': { 'x-api-key': `${whole.key.slice(0, -2)}--` },
      'two at once': { 'x-api-key': whole.key, authorization: `Bearer ${token}` },
      'disabled instance': basic(disabled.instance_id, disabled.instance_password),
      'wrong password': basic(program.instance_id, disabled.instance_password),
      'forged token': { authorization: `Bearer ${token.slice(0, -3)}AAA` }
    } as Record<string, Record<string, string>>
  }
}

/** What the owner's program is answered where the owner would be answered `owners`. */
function expectedOf(kind: string, route: string, owners: number): number {
  if (kind === 'token' || opens('anybody', route)) return owners
  const inside = opens('read inside', route) || opens('write inside', route)
  if (kind === 'key') {
    return inside || everyScope.some((scope) => opens(scope, route)) ? owners : 403
  }
  if (!inside) return 403
  if (kind === 'instance' && route.includes(':chatId')) return 404
  const names = route.includes(':') || route === 'POST /api/v1/documents' || route === 'POST /api/v1/chats'
  return kind === 'key for elsewhere' && names ? 404 : owners
}

t.test('every kind of credential opens of the API what it is for, and nothing else', async (t) => {
  const carrel = await populate(t)
  const [other, owner] = [await signedIn(carrel, 'other'), await signedIn(carrel, 'owner')]
  const people = { owner, editor: await signedIn(carrel, 'editor'), viewer: await signedIn(carrel, 'viewer') }
  const account = await owner.me()
  const ask = (route: string, ids: Ids, headers: Record<string, string>) => {
    const [method, url] = route.split(' ') as ['GET', string]
    const payload = table[route]?.body?.(ids)
    return carrel.app.inject({ method, url: filledIn(url, ids), headers, ...(payload && { payload }) })
  }
  const routes = routesOf(carrel).filter((route) => route.includes(' /api/'))
  t.same(
    Object.values(doors)
      .flat()
      .filter((route) => !routes.includes(route)),
    [],
    'each door is there'
  )

  /** The owner as they began, whatever the call before has ended, used up or made. */
  async function anew(route: string) {
    for (const made of ['api_keys', 'instances', 'tasks'] as const) await carrel.app.db.deleteFrom(made).execute()
    await giveOnboardingTasks(carrel.app.db, account, carrel.clock.now())
    people.owner = await signedIn(carrel, 'owner')
    return furnish(carrel, people, other, route)
  }

  for (const route of routes) {
    const owners = table[route]?.expected.owner as number
    for (const kind of ['token', 'key', 'key for the workspace', 'key for elsewhere', 'instance'] as const) {
      const ids = await anew(route)
      const { good } = await credentials(carrel, people, ids)
      t.equal((await ask(route, ids, good[kind])).statusCode, expectedOf(kind, route, owners), `${kind}: ${route}`)
    }
    if (opens('anybody', route)) continue
    const ids = await anew(route)
    const { scoped, bad } = await credentials(carrel, people, ids)
    for (const [scope, key] of scoped) {
      const opened = opens(scope, route) || opens(`${scope} inside`, route)
      t.equal((await ask(route, ids, { 'x-api-key': key })).statusCode, opened ? owners : 403, `${scope}: ${route}`)
      if (opened) Object.assign(ids, await furnish(carrel, people, other, route))
    }
    for (const [kind, headers] of Object.entries(bad)) {
      t.equal((await ask(route, ids, headers)).statusCode, 401, `${kind}: ${route}`)
    }
  }
})
