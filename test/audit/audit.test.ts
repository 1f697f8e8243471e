import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { passwordHashing } from '../../src/accounts/hashing.ts'
import { storeHash } from '../../src/accounts/store.ts'
import { type EventName, events } from '../../src/audit/events.ts'
import { anyone } from '../../src/plugins/access.ts'
import { purgeExpired } from '../../src/sessions/purge.ts'
import { offerSetup } from '../../src/setup/store.ts'
import type { Browser } from '../support/browser.ts'
import { type Carrel, password, startApp } from '../support/carrel.ts'
import { goThere, startProvider } from '../support/identity-provider.ts'

const elsewhere = await startProvider(t)
const ann = 'ann@example.com'
const bob = 'bob@example.com'
const wrong = 'a guess at her password'
const newcomer = { firstName: 'Cleo', lastName: 'Arbor', email: 'cleo@example.com', password }

/** Ann with a workspace where Bob may read; or nobody at all, where that is how it begins. */
type Scene = Carrel & { ann: Browser; bob: Browser; flat: string; secrets: Set<string>; requests: Map<string, string> }

type Cause = {
  happens: (scene: Scene) => Promise<unknown>
  /** The email of whom it is written down for; nobody in particular if it is left out. */
  who?: string
  /** The path of the request it came with; none if Carrel does it by itself. */
  at?: RegExp
  detail?: object
  empty?: { settings?: Record<string, string> }
}

const idOf = async (browser: Browser) => (await browser.me()).id
const signsIn = (browser: Browser, given: string) => browser.submit('/login', { email: ann, password: given })

const program = { upload_name: 'A loader', tags: { model_name: 'none', is_cot: false, document_count: 0 } }
const registersProgram = async (who: Browser) =>
  (await who.api('POST', '/api/v1/instances', program)).json().instance_id as string

const causes: Record<EventName, Cause> = {
  'user.registered': {
    who: newcomer.email,
    at: /^\/register$/,
    detail: { role: 'user' },
    happens: ({ visitor }) => visitor().submit('/register', newcomer)
  },
  'user.signup_refused': {
    at: /^\/register$/,
    detail: { why: 'honeypot' },
    happens: ({ visitor }) => visitor().submit('/register', { ...newcomer, website: 'https://spam.example' })
  },
  'user.password_rehashed': {
    who: ann,
    at: /^\/login$/,
    async happens({ app, clock, ann, visitor }) {
      await storeHash(app.db, await idOf(ann), await passwordHashing(0.5).hash(password), clock.now())
      await signsIn(visitor(), password)
    }
  },
  'user.profile_changed': {
    who: ann,
    at: /^\/settings\/profile$/,
    detail: { fields: 'firstName lastName username' },
    happens: ({ ann }) => ann.submit('/settings/profile', { firstName: 'Ann', lastName: 'Beech', username: 'beech' })
  },
  'user.password_changed': {
    who: ann,
    at: /^\/api\/v1\/auth\/password$/,
    detail: { first: false },
    happens: ({ ann }) =>
      ann.api('PATCH', '/api/v1/auth/password', { current_password: password, password: 'other unrelated words' })
  },
  'identity.linked': {
    who: ann,
    at: /^\/login\/with\/oidc\/callback\?/,
    detail: { provider: 'oidc' },
    happens: ({ ann }) => goThere(ann, elsewhere, { sub: 'ann' })
  },
  'identity.unlinked': {
    who: ann,
    at: /^\/settings\/identities\//,
    detail: { provider: 'oidc' },
    async happens({ app, ann }) {
      await goThere(ann, elsewhere, { sub: 'ann' })
      const { id } = await app.db.selectFrom('identities').select('id').executeTakeFirstOrThrow()
      await ann.submit(`/settings/identities/${id}/unlink`)
    }
  },
  'identity.refused': {
    at: /^\/login\/with\/oidc\/callback\?/,
    detail: { provider: 'oidc', why: String },
    happens: ({ visitor }) => visitor().open(`/login/with/oidc/callback?state=${'A'.repeat(43)}&code=x`)
  },
  'setup.link_made': { empty: {}, happens: ({ app, clock }) => offerSetup(app.db, clock.now()) },
  'setup.link_refused': {
    at: /^\/setup\?/,
    happens: ({ visitor }) => visitor().open(`/setup?token=${'A'.repeat(43)}`)
  },
  'user.signup_requested': {
    at: /^\/register$/,
    empty: { settings: { SIGNUP_DISCLOSURE: 'private', PUBLIC_URL: 'https://carrel.example.com' } },
    happens: ({ visitor }) => visitor().submit('/register', newcomer)
  },
  'link.refused': {
    at: /^\/verify-email\?/,
    happens: ({ visitor }) => visitor().open(`/verify-email?token=${'A'.repeat(43)}`)
  },
  'session.started': { who: ann, at: /^\/login$/, happens: ({ visitor }) => signsIn(visitor(), password) },
  'session.refused': {
    who: ann,
    at: /^\/login$/,
    detail: { known: true },
    happens: ({ visitor }) => signsIn(visitor(), wrong)
  },
  'session.throttled': {
    who: ann,
    at: /^\/login$/,
    async happens({ visitor }) {
      for (let time = 0; time < 7; time += 1) await signsIn(visitor(), wrong)
    }
  },
  'session.ended': { who: ann, at: /^\/logout$/, happens: ({ ann }) => ann.submit('/logout') },
  'session.renewed': {
    who: ann,
    at: /^\/api\/v1\/auth\/refresh$/,
    async happens({ visitor }) {
      const { refresh_token } = (await visitor().api('POST', '/api/v1/auth/login', { email: ann, password })).json()
      await visitor().api('POST', '/api/v1/auth/refresh', { refresh_token })
    }
  },
  'session.replayed': {
    who: ann,
    at: /^\/api\/v1\/auth\/refresh$/,
    async happens({ visitor }) {
      const { refresh_token } = (await visitor().api('POST', '/api/v1/auth/login', { email: ann, password })).json()
      for (let time = 0; time < 2; time += 1) await visitor().api('POST', '/api/v1/auth/refresh', { refresh_token })
    }
  },
  'session.expired': {
    detail: { sessions: 2 },
    happens({ app, clock }) {
      clock.pass(8 * 24 * 3600)
      return purgeExpired(app.db, clock.now())
    }
  },
  'credential.refused': {
    at: /^\/api\/v1\/auth\/me$/,
    happens: ({ visitor }) =>
      visitor().request('GET', '/api/v1/auth/me', undefined, { authorization: 'Bearer made.up.here' })
  },
  'key.created': {
    who: ann,
    at: /^\/api\/v1\/api-keys$/,
    detail: { scopes: 'read' },
    happens: ({ ann }) => ann.api('POST', '/api/v1/api-keys', { name: 'A script', scopes: ['read'] })
  },
  'key.revoked': {
    who: ann,
    at: /^\/api\/v1\/api-keys\//,
    async happens({ ann }) {
      const { id } = (await ann.api('POST', '/api/v1/api-keys', { name: 'A script', scopes: ['read'] })).json()
      await ann.api('DELETE', `/api/v1/api-keys/${id}`)
    }
  },
  'instance.registered': {
    who: ann,
    at: /^\/api\/v1\/instances$/,
    happens: ({ ann }) => registersProgram(ann)
  },
  'instance.changed': {
    who: ann,
    at: /^\/api\/v1\/instances\//,
    detail: { rotated: true },
    async happens({ ann }) {
      await ann.api('POST', `/api/v1/instances/${await registersProgram(ann)}/rotate`)
    }
  },
  'instance.deleted': {
    who: ann,
    at: /^\/settings\/instances\//,
    async happens({ ann }) {
      await ann.submit(`/settings/instances/${await registersProgram(ann)}/delete`)
    }
  },
  'access.denied': {
    who: bob,
    at: /^\/workspaces\//,
    detail: { method: 'GET', route: '/workspaces/:workspaceId' },
    happens: async ({ ann, bob }) => bob.open(`/workspaces/${await ann.makesWorkspace('Diary')}`)
  },
  'access.limited': {
    at: /^\/$/,
    empty: { settings: { API_LIMIT: '1' } },
    async happens({ visitor }) {
      for (let time = 0; time < 3; time += 1) await visitor().open('/')
    }
  },
  'origin.refused': {
    who: ann,
    at: /^\/logout$/,
    detail: { origin: 'https://evil.example' },
    happens: ({ ann }) =>
      ann.request('POST', '/logout', undefined, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })
  },
  'workspace.created': {
    who: ann,
    at: /^\/workspaces$/,
    happens: ({ ann }) => ann.submit('/workspaces', { name: 'X' })
  },
  'workspace.changed': {
    who: ann,
    at: /^\/api\/v1\/workspaces\//,
    happens: ({ ann, flat }) => ann.api('PATCH', `/api/v1/workspaces/${flat}`, { name: 'House' })
  },
  'workspace.deleted': {
    who: ann,
    at: /\/delete$/,
    happens: ({ ann, flat }) => ann.submit(`/workspaces/${flat}/delete`)
  },
  'document.added': {
    who: ann,
    at: /\/documents$/,
    happens: ({ ann, flat }) => ann.submit(`/workspaces/${flat}/documents`, { text: 'A text.' })
  },
  'document.changed': {
    who: ann,
    at: /^\/api\/v1\/documents\//,
    happens: async ({ ann, flat }) =>
      ann.api('PATCH', `/api/v1/documents/${await ann.puts(flat, 'A', 'A text.')}`, { title: 'B' })
  },
  'document.downloaded': {
    who: ann,
    at: /\/original$/,
    happens: async ({ ann, flat }) =>
      ann.open(`/workspaces/${flat}/documents/${await ann.puts(flat, 'A', 'A text.')}/original`)
  },
  'document.deleted': {
    who: ann,
    at: /\/delete$/,
    detail: { documents: 1, passages: 1, bytes: 7 },
    happens: async ({ ann, flat }) =>
      ann.submit(`/workspaces/${flat}/documents/${await ann.puts(flat, 'A', 'A text.')}/delete`)
  },
  'invite.created': {
    who: ann,
    at: /^\/invite-coparent$/,
    detail: { role: 'editor' },
    happens: ({ ann, flat }) => ann.submit('/invite-coparent', { workspace_id: flat, role: 'editor' })
  },
  'invite.revoked': {
    who: ann,
    at: /\/revoke$/,
    async happens({ ann, flat }) {
      await ann.invites(flat, 'viewer')
      const [{ id }] = (await ann.open('/api/v1/invites')).json().items
      await ann.submit(`/invites/${id}/revoke`)
    }
  },
  'invite.accepted': {
    who: bob,
    at: /^\/accept-invite$/,
    async happens({ ann, bob }) {
      const code = await ann.invites(await ann.makesWorkspace('Shed'), 'editor')
      await bob.submit('/accept-invite', { code })
    }
  },
  'invite.refused': {
    who: bob,
    at: /^\/api\/v1\/invites\/accept$/,
    happens: ({ bob }) => bob.accepts('A'.repeat(43))
  },
  'member.role_changed': {
    who: ann,
    at: /\/members\//,
    detail: { role: 'editor', member: String },
    happens: async ({ ann, bob, flat }) =>
      ann.submit(`/workspaces/${flat}/members/${await idOf(bob)}`, { role: 'editor' })
  },
  'member.removed': {
    who: ann,
    at: /\/members\//,
    detail: { member: String },
    happens: async ({ ann, bob, flat }) => ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${await idOf(bob)}`)
  },
  'member.left': { who: bob, at: /\/leave$/, happens: ({ bob, flat }) => bob.submit(`/workspaces/${flat}/leave`) },
  // The scene has a route that throws, since no route of ours is known to.
  'error.unexpected': { who: ann, at: /^\/breaks\?/, happens: ({ ann }) => ann.open(`/breaks?token=${password}`) }
}

/** A Carrel that hears which requests were made, and every secret that was handed out. */
async function sceneFor(t: Test, empty?: Cause['empty']): Promise<Scene> {
  const carrel = await startApp(t, empty?.settings ?? elsewhere.settings)
  const secrets = new Set<string>([password, wrong])
  const requests = new Map<string, string>()
  carrel.app.addHook('onSend', async ({ id, url }, reply, payload) => {
    requests.set(id, url)
    const cookies = [reply.getHeader('set-cookie') ?? []].flat().map((cookie) => String(cookie).split(/[=;]/)[1])
    const told = String(payload).matchAll(/"(?:code|token|access_token|refresh_token)":"([^"]{32,})"/g)
    for (const secret of [...cookies, ...[...told].map(([, secret]) => secret)]) {
      if (secret && secret.length >= 32) secrets.add(secret)
    }
  })
  carrel.app.get('/breaks', { onRequest: anyone }, async () => {
    throw new RangeError(`cannot read ${password}`)
  })
  if (empty) return { ...carrel, ann: carrel.visitor(), bob: carrel.visitor(), flat: '', secrets, requests }

  const people = { ann: await carrel.person('Ann'), bob: await carrel.person('Bob') }
  const flat = await people.ann.makesWorkspace('Flat')
  await people.bob.accepts(await people.ann.invites(flat, 'viewer'))
  return { ...carrel, ...people, flat, secrets, requests }
}

const rowsOf = ({ app }: Carrel) => app.db.selectFrom('audit_events').selectAll().orderBy('id').execute()

/** The last row of an event; some are written while the answer is already on its way. */
async function lastOf(scene: Scene, event: EventName, known: Set<string>) {
  for (let look = 0; look < 2000; look += 1) {
    const row = (await rowsOf(scene)).findLast((row) => row.event === event && !known.has(row.id))
    if (row) return row
    await setImmediate()
  }
}

for (const event of Object.keys(events) as EventName[]) {
  t.test(`${event}: ${events[event]}`, async (t) => {
    const cause = causes[event]
    t.ok(cause, 'this test knows what causes it')
    const scene = await sceneFor(t, cause.empty)
    const known = new Set((await rowsOf(scene)).map(({ id }) => id))
    const whose = async ({ who = '' }: Cause) =>
      (await scene.app.db.selectFrom('accounts').select('id').where('email', '=', who).executeTakeFirst())?.id ?? null
    await cause.happens(scene)

    const row = await lastOf(scene, event, known)
    t.ok(row, 'it was written down')
    if (!row) return
    t.equal(row.at, scene.clock.now().toISOString(), 'when')
    t.equal(row.account_id, await whose(cause), 'who')
    t.equal(row.account_id !== null, cause.who !== undefined)
    t.match(JSON.parse(row.detail), cause.detail ?? {}, 'what')
    t.equal(row.address, cause.at ? '127.0.0.1' : null, 'from where')
    if (cause.at) t.match(scene.requests.get(row.request_id as string), cause.at, 'in which request')
    else t.equal(row.request_id, null)

    const written = JSON.stringify(await rowsOf(scene))
    for (const secret of scene.secrets) t.notOk(written.includes(secret), 'no password, token, code or cookie in it')
  })
}

t.test('what is written down names the thing it happened to', async (t) => {
  const scene = await sceneFor(t)
  const { ann, flat } = scene
  await ann.api('PATCH', `/api/v1/workspaces/${flat}`, { name: 'House' })
  const [{ id }] = (await ann.open('/api/v1/sessions')).json().items
  const none = new Set<string>()
  t.equal((await lastOf(scene, 'workspace.changed', none))?.subject, flat)
  t.equal((await lastOf(scene, 'invite.accepted', none))?.subject, flat)
  await ann.submit('/logout')
  t.equal((await lastOf(scene, 'session.ended', none))?.subject, id)
})

t.test('behind a trusted proxy the address is the person’s own', async (t) => {
  const { app, visitor } = await startApp(t, { TRUST_PROXY: '127.0.0.1' })
  const form = new URLSearchParams({ email: ann, password: wrong }).toString()
  const type = 'application/x-www-form-urlencoded'
  await visitor().request('POST', '/login', form, { 'content-type': type, 'x-forwarded-for': '203.0.113.7' })
  const row = await app.db.selectFrom('audit_events').selectAll().executeTakeFirstOrThrow()
  t.match(row, { event: 'session.refused', account_id: null, address: '203.0.113.7' })
  t.match(JSON.parse(row.detail), { known: false })
})

t.test('a flood is written down once, not once for each request', async (t) => {
  const scene = await sceneFor(t, { settings: { API_LIMIT: '1' } })
  for (let time = 0; time < 20; time += 1) await scene.visitor().open('/')
  t.ok(await lastOf(scene, 'access.limited', new Set()))
  t.equal((await rowsOf(scene)).length, 1)
})

t.test('a flood of bad tokens and dead links is written down once, too', async (t) => {
  const { app, visitor } = await startApp(t)
  for (let time = 0; time < 10; time += 1) {
    await visitor().request('GET', '/tasks', undefined, { authorization: 'Bearer x' })
    await visitor().open(`/accept-invite?code=${time}`)
    await visitor().open(`/verify-email?token=${time}`)
    await visitor().submit('/register', { ...newcomer, website: 'x' })
  }
  const rows = await app.db.selectFrom('audit_events').select('event').execute()
  const once = ['credential.refused', 'invite.refused', 'link.refused', 'user.signup_refused']
  t.same(rows.map(({ event }) => event).sort(), once)
})

t.test('whoever is turned away because of who may join is written down', async (t) => {
  const { app, visitor } = await startApp(t, { SIGNUP: 'invite' })
  await visitor().submit('/register', newcomer)
  const row = await app.db.selectFrom('audit_events').selectAll().executeTakeFirstOrThrow()
  t.match(row, { event: 'user.signup_refused' })
  t.match(JSON.parse(row.detail), { why: 'invite' })
})

t.test('an audit log that cannot be written stops nobody', async (t) => {
  const { app, person, visitor } = await startApp(t)
  await person('Ann')
  await app.db.schema.dropTable('audit_events').execute()
  t.equal((await visitor().submit('/login', { email: ann, password })).statusCode, 303)
  t.equal((await visitor().submit('/login', { email: ann, password: wrong })).statusCode, 422)
  t.equal((await visitor().open('/setup?token=x')).statusCode, 404)
})
