import t, { type Test } from 'tap'
import { createAccount } from '../../src/accounts/store.ts'
import { inTransaction } from '../../src/database/open.ts'
import { purgeExpired } from '../../src/sessions/purge.ts'
import type { Browser } from '../support/browser.ts'
import { password, startApp } from '../support/carrel.ts'
import { addressIn, goThere, startProvider } from '../support/identity-provider.ts'

const cleo = {
  sub: 'c1e0',
  email: 'Cleo@example.com',
  email_verified: true,
  given_name: 'Cleo',
  family_name: 'Arbor'
}
const annThere = { ...cleo, sub: 'a22', email: 'ann@example.com', given_name: 'Ann' }

async function withProvider(t: Test, settings: Record<string, string> = {}) {
  const provider = await startProvider(t)
  const carrel = await startApp(t, { ...provider.settings, ...settings })
  return { ...carrel, provider }
}

const isIn = async (browser: Browser) => (await browser.open('/workspaces')).statusCode === 200

t.test('nothing of it is there unless a provider is set', async (t) => {
  const { person, visitor } = await startApp(t)
  for (const path of ['/login', '/register']) t.notMatch((await visitor().open(path)).body, 'Continue with')
  t.notMatch((await (await person('Ann')).open('/settings/password')).body, 'elsewhere')
  for (const id of ['google', 'oidc', '__proto__']) {
    t.equal((await visitor().open(`/login/with/${id}`)).statusCode, 404)
    t.equal((await visitor().submit(`/login/with/${id}`)).statusCode, 404)
    t.equal((await visitor().open(`/login/with/${id}/callback?code=x&state=y`)).statusCode, 404)
  }
})

t.test('both pages offer every provider, and keep where somebody was going', async (t) => {
  const google = { GOOGLE_CLIENT_ID: 'x', GOOGLE_CLIENT_SECRET: 'y' }
  const { visitor } = await withProvider(t, google)
  for (const path of ['/login?next=/tasks', '/register?next=/tasks']) {
    const { body } = await visitor().open(path)
    t.match(body, 'href="/login/with/google?next=%2Ftasks">Continue with Google<')
    t.match(body, 'href="/login/with/oidc?next=%2Ftasks">Continue with the Library<')
  }
})

t.test('whoever comes back without success finds the form as it was, with its box ticked', async (t) => {
  const { visitor } = await withProvider(t)
  const back = await visitor().open('/login/with/oidc/callback?state=old')
  t.equal(back.statusCode, 422)
  t.match(back.body, /name="remember"[^>]*checked/)
})

t.test('a page of ours says what will be asked for there and what one can do here', async (t) => {
  const { visitor, provider } = await withProvider(t)
  const { body } = await visitor().open('/login/with/oidc?next=/tasks')
  for (const said of ['who you are', 'openid', 'profile', 'email', 'read', 'write', 'see your workspaces'])
    t.match(body, said)
  t.match(body, /method="post" action="\/login\/with\/oidc"/)
  t.match(body, 'name="next" value="/tasks"')
  t.same(provider.asked, [], 'nobody has been asked for anything yet')
})

t.test('what the provider is asked is what was said, with secrets of its own each time', async (t) => {
  const { app, visitor, provider } = await withProvider(t)
  const browser = visitor()
  const answers = [await browser.submit('/login/with/oidc'), await browser.submit('/login/with/oidc')]
  const sent = answers.map((answer) => new URL(addressIn(answer)))
  for (const { origin, pathname, searchParams } of sent) {
    t.equal(origin + pathname, `${provider.issuer}/auth`)
    t.match(Object.fromEntries(searchParams), {
      response_type: 'code',
      client_id: 'carrel',
      redirect_uri: 'http://localhost/login/with/oidc/callback',
      scope: 'openid profile email',
      code_challenge_method: 'S256'
    })
    for (const secret of ['state', 'nonce', 'code_challenge']) t.match(searchParams.get(secret), /^[\w-]{43}$/)
  }
  for (const secret of ['state', 'nonce', 'code_challenge'])
    t.not(sent[0]?.searchParams.get(secret), sent[1]?.searchParams.get(secret))
  const rows = JSON.stringify(await app.db.selectFrom('sign_in_attempts').selectAll().execute())
  for (const { searchParams } of sent) t.notMatch(rows, searchParams.get('state') as string)
  t.notMatch(rows, browser.cookies.get('sign_in_attempt') as string)
})

t.test('the way back is at the public address, whatever the request says', async (t) => {
  const provider = await startProvider(t)
  const { visitor } = await startApp(t, { ...provider.settings, PUBLIC_URL: 'https://carrel.example.com' })
  const answer = await visitor().request('POST', '/login/with/oidc', '', {
    'content-type': 'application/x-www-form-urlencoded',
    host: 'evil.example'
  })
  const back = new URL(addressIn(answer)).searchParams.get('redirect_uri')
  t.equal(back, 'https://carrel.example.com/login/with/oidc/callback')
  t.match(String(answer.headers['set-cookie']), /^__Host-sign_in_attempt=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure/)

  const local = await startApp(t, provider.settings)
  for (const [host, origin] of [
    ['127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['evil.example', 'http://localhost:3000']
  ]) {
    const type = { 'content-type': 'application/x-www-form-urlencoded', host: host as string }
    const there = addressIn(await local.visitor().request('POST', '/login/with/oidc', '', type))
    t.equal(new URL(there).searchParams.get('redirect_uri'), `${origin}/login/with/oidc/callback`)
  }
})

t.test('somebody new gets a desk like any other, without a password', async (t) => {
  const { app, visitor, provider } = await withProvider(t)
  const browser = visitor()
  const answer = await goThere(browser, provider, cleo)
  t.match(answer, { statusCode: 303, headers: { location: '/invite-coparent' } })
  t.match(String(answer.headers['set-cookie']), /session_id=[^;]+; Max-Age=604800/)

  const me = await browser.me()
  t.match(me, { email: 'cleo@example.com', username: 'cleo', firstName: 'Cleo', lastName: 'Arbor', role: 'user' })
  t.match(me.room, { name: "Cleo Arbor's Room" })
  t.equal((await browser.open('/api/v1/tasks')).json().items.length > 0, true)
  t.match(await app.db.selectFrom('accounts').select(['password_hash']).execute(), [{ password_hash: null }])
  const events = await app.db.selectFrom('audit_events').select('event').execute()
  const written = events.map(({ event }) => event).sort()
  t.same(written, ['identity.linked', 'session.started', 'user.registered'])
  for (const given of ['', password]) {
    const { statusCode } = await visitor().submit('/login', { email: 'cleo@example.com', password: given })
    t.equal(statusCode, 422, 'no password opens it')
  }
})

t.test('they come back to the same desk, also under another address and name', async (t) => {
  const { app, clock, visitor, provider } = await withProvider(t)
  const first = visitor()
  await goThere(first, provider, cleo)
  const { id } = await first.me()
  clock.pass(60)
  const second = visitor()
  const changed = { ...cleo, email: 'cleo@elsewhere.example', email_verified: false, given_name: 'C.' }
  t.match(await goThere(second, provider, changed, {}, '/tasks?done'), { headers: { location: '/tasks?done' } })
  t.match(await second.me(), { id, email: 'cleo@example.com', firstName: 'Cleo' })
  t.equal(await isIn(first), true, 'and the first browser stays signed in')
  const [identity] = await app.db.selectFrom('identities').selectAll().execute()
  t.match(identity, { email: 'cleo@example.com', last_used_at: clock.now().toISOString() })
})

t.test('where somebody was going is kept, but only if it is here', async (t) => {
  const { visitor, provider } = await withProvider(t)
  t.equal((await goThere(visitor(), provider, cleo, {}, '/tasks')).headers.location, '/tasks')
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/%2fevil.example']) {
    t.equal((await goThere(visitor(), provider, cleo, {}, next)).headers.location, '/')
  }
})

t.test('two people there are two people here, whatever else they share', async (t) => {
  const { visitor, provider } = await withProvider(t)
  const [one, other] = [visitor(), visitor()]
  await goThere(one, provider, cleo)
  await goThere(other, provider, { ...cleo, sub: 'C1E0', email: 'cleo@example.org' })
  t.not((await one.me()).id, (await other.me()).id)
})

t.test('names are made of what there is', async (t) => {
  const { visitor, provider } = await withProvider(t)
  const long = '\u{1F4DA}'.repeat(150)
  const cases: [object, string, string][] = [
    [{ given_name: ' Cleo ', family_name: undefined }, 'Cleo', ''],
    [{ given_name: undefined, family_name: undefined, name: 'Cleo van Arbor' }, 'Cleo van', 'Arbor'],
    [{ given_name: undefined, family_name: undefined, name: 'Cleo' }, 'Cleo', ''],
    [{ given_name: 5, family_name: ['x'], name: null }, 'Cleo4', ''],
    [{ given_name: 'C\u202e\0leo', family_name: long }, 'C leo', '\u{1F4DA}'.repeat(100)]
  ]
  for (const [at, [claims, firstName, lastName]] of cases.entries()) {
    const browser = visitor()
    await goThere(browser, provider, { ...cleo, sub: `c${at}`, email: `cleo${at + 1}@example.com`, ...claims })
    t.match(await browser.me(), { firstName, lastName })
  }
})

t.test('an address in the answer of userinfo counts, if that is about the same person', async (t) => {
  const { visitor, provider } = await withProvider(t)
  const silent = { claims: { email: undefined, email_verified: undefined } }
  const browser = visitor()
  await goThere(browser, provider, cleo, silent)
  t.match(await browser.me(), { email: 'cleo@example.com' })
  t.ok(provider.asked.includes('userinfo'))

  provider.instead.userinfo = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...annThere, sub: 'another' }))
  }
  const stranger = visitor()
  t.equal((await goThere(stranger, provider, annThere, silent)).statusCode, 422)
  t.equal(await isIn(stranger), false)
})

t.test('an address that is not confirmed there, or that is none, makes no desk', async (t) => {
  const { app, visitor, provider } = await withProvider(t)
  for (const claims of [
    { email_verified: false },
    { email_verified: undefined },
    { email_verified: 'true' },
    { email_verified: 1 },
    { email: undefined },
    { email: 'cleo' },
    { email: ['cleo@example.com'] },
    { email: 'cleo@mailinator.com' }
  ]) {
    const browser = visitor()
    const answer = await goThere(browser, provider, { ...cleo, ...claims })
    t.match(answer, { statusCode: 422, body: /role="alert".*(confirmed|email address of yours|thrown away)/s })
    t.equal(await isIn(browser), false)
  }
  t.same(await app.db.selectFrom('accounts').selectAll().execute(), [])
  t.same(await app.db.selectFrom('identities').selectAll().execute(), [])
})

t.test('who may join is decided as for any sign-up', async (t) => {
  const closed = await withProvider(t, { SIGNUP: 'closed' })
  t.match(await goThere(closed.visitor(), closed.provider, cleo), { statusCode: 403, body: /not open here/ })

  const few = await withProvider(t, { SIGNUP_LIMIT: '1' })
  t.equal((await goThere(few.visitor(), few.provider, cleo)).statusCode, 303)
  t.equal((await goThere(few.visitor(), few.provider, annThere)).statusCode, 429)
  t.equal((await goThere(few.visitor(), few.provider, cleo)).statusCode, 303, 'whoever is here already comes in')
})

t.test('an invite lets somebody in where only the invited may join, and leads there', async (t) => {
  const { app, clock, visitor, provider } = await withProvider(t, { SIGNUP: 'invite' })
  const her = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Arbor' }
  const passwordHash = await app.hashing.hash(password)
  await inTransaction(app.db, (tx) => createAccount(tx, { ...her, passwordHash }, clock.now()))
  const ann = visitor()
  await ann.submit('/login', { ...her, password })
  const flat = await ann.makesWorkspace('Flat')
  t.equal((await goThere(visitor(), provider, cleo)).statusCode, 403)
  const browser = visitor()
  const code = await ann.invites(flat, 'viewer')
  await browser.open(`/accept-invite?code=${code}`)
  const answer = await goThere(browser, provider, cleo)
  t.match(answer, { statusCode: 303, headers: { location: `/accept-invite?code=${code}` } })
})

t.test('a confirmed address needs no letter where nothing may be disclosed', async (t) => {
  const { visitor, provider } = await withProvider(t, {
    SIGNUP_DISCLOSURE: 'private',
    PUBLIC_URL: 'http://localhost'
  })
  const browser = visitor()
  t.equal((await goThere(browser, provider, cleo)).statusCode, 303)
  t.equal(await isIn(browser), true)
})

t.test('a disabled account stays closed, also this way', async (t) => {
  const { app, visitor, provider } = await withProvider(t)
  await goThere(visitor(), provider, cleo)
  await app.db.updateTable('accounts').set({ disabled_at: new Date().toISOString() }).execute()
  const browser = visitor()
  t.match(await goThere(browser, provider, cleo), { statusCode: 422, body: /closed/ })
  t.equal(browser.cookies.has('session_id'), false)
})

t.test('no token of the provider is kept anywhere', async (t) => {
  const { app, visitor, provider } = await withProvider(t)
  const secret = { access_token: 'an-access-token', refresh_token: 'a-refresh-token', token_type: 'Bearer' }
  await goThere(visitor(), provider, cleo, { tokens: secret })
  for (const table of ['identities', 'sessions', 'accounts', 'audit_events', 'user_contexts'] as const) {
    t.notMatch(JSON.stringify(await app.db.selectFrom(table).selectAll().execute()), /-token/)
  }
  t.same(await app.db.selectFrom('sign_in_attempts').selectAll().execute(), [])
})

t.test('the provider is asked about itself once in an hour', async (t) => {
  const { clock, visitor, provider } = await withProvider(t)
  await Promise.all([1, 2, 3].map(() => visitor().submit('/login/with/oidc')))
  await goThere(visitor(), provider, cleo)
  const times = () => provider.asked.filter((what) => what === 'discovery').length
  t.equal(times(), 1)
  clock.pass(3601)
  await visitor().submit('/login/with/oidc')
  t.equal(times(), 2)
})

t.test('one network can leave so often and no more until the first attempts are over', async (t) => {
  const { app, visitor, clock } = await withProvider(t)
  const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
  const leaves = (remoteAddress = '127.0.0.1') =>
    app.inject({ method: 'POST', url: '/login/with/oidc', headers, payload: 'go=on', remoteAddress })
  const attempts = async () => (await app.db.selectFrom('sign_in_attempts').select('state_hash').execute()).length
  for (let time = 0; time < 300; time += 1) await leaves()
  t.equal(await attempts(), 300)
  const refused = await leaves()
  t.match(refused, { statusCode: 429, headers: { 'retry-after': '600' }, body: /Too many sign-ins/ })
  t.equal(await attempts(), 300)
  t.equal((await leaves('192.0.2.7')).statusCode, 200, 'others are not held up')
  clock.pass(601)
  t.equal((await leaves()).statusCode, 200)
  t.match(await visitor().open('/login'), { statusCode: 200, body: /Continue with/ })
})

t.test('what was never come back from is dropped', async (t) => {
  const { app, clock, person, visitor, provider } = await withProvider(t)
  await person('Ann')
  await goThere(visitor(), provider, annThere)
  await visitor().submit('/login/with/oidc')
  const left = async () => {
    const attempts = await app.db.selectFrom('sign_in_attempts').selectAll().execute()
    const unlinked = await app.db.selectFrom('unlinked_identities').selectAll().execute()
    return [attempts.length, unlinked.length]
  }
  clock.pass(599)
  await purgeExpired(app.db, clock.now())
  t.same(await left(), [1, 1])
  clock.pass(1)
  await purgeExpired(app.db, clock.now())
  t.same(await left(), [0, 0])
})
