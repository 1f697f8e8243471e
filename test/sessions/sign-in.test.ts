import t from 'tap'
import { passwordHashing } from '../../src/accounts/hashing.ts'
import { storeHash } from '../../src/accounts/store.ts'
import { type Browser, seen } from '../support/browser.ts'
import { type Carrel, password, startApp } from '../support/carrel.ts'

const hour = 3600
const day = 24 * hour
const ann = { email: 'ann@example.com', password }
const remembered = { ...ann, remember: 'on' }

const sessionCookie = (answer: { cookies: { name: string; value: string; maxAge?: number; expires?: Date }[] }) =>
  answer.cookies.find(({ name }) => name === 'session_id')

const isIn = async (browser: Browser) => (await browser.open('/tasks')).statusCode === 200

/** Somebody else who got hold of the same cookies. */
function copyOf(browser: Browser, { visitor }: Carrel): Browser {
  const copy = visitor()
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  return copy
}

async function bearer({ visitor }: Carrel, more: object = {}): Promise<string> {
  return (await visitor().api('POST', '/api/v1/auth/login', { ...ann, ...more })).json().access_token
}

const shows = ({ visitor }: Carrel, token: string, url = '/api/v1/auth/me') =>
  visitor().request('GET', url, undefined, { authorization: `Bearer ${token}` })

const disable = ({ app, clock }: Carrel, email: string) =>
  app.db.updateTable('accounts').set({ disabled_at: clock.now().toISOString() }).where('email', '=', email).execute()

t.test('Ann signs in with her email or her username, however she writes them', async (t) => {
  const { person, visitor } = await startApp(t)
  await person('Ann')

  for (const email of ['ann@example.com', ' ANN@Example.com ', 'ann', 'Ann ']) {
    const browser = visitor()
    t.match(await browser.submit('/login', { ...ann, email }), { statusCode: 303, headers: { location: '/' } }, email)
    t.equal((await browser.me()).email, 'ann@example.com')
  }
  for (const body of [{ username: 'Ann' }, { email: 'ann' }, { username: 'ann@example.com' }]) {
    t.equal((await visitor().api('POST', '/api/v1/auth/login', { ...body, password })).statusCode, 200)
  }
  t.equal((await visitor().submit('/login', { ...ann, email: 'ann@example.org' })).statusCode, 422)
})

t.test('a refused sign-in shows the form again with what was typed, but not the password', async (t) => {
  const { person, visitor } = await startApp(t)
  await person('Ann')
  const wrong = await visitor().submit('/login', { email: 'ann@example.com', password: 'brief', next: '/tasks' })

  t.equal(wrong.statusCode, 422)
  t.match(wrong.body, 'Email or password is incorrect.')
  t.match(wrong.body, 'value="ann@example.com"')
  t.match(wrong.body, 'name="next" value="/tasks"')
  t.notMatch(wrong.body, 'brief')
  t.notMatch(wrong.body, /name="remember"[^>]*checked/)
  t.match((await visitor().open('/login')).body, /name="remember"[^>]*checked/)

  const empty = await visitor().submit('/login', { email: 'ann@example.com' })
  t.equal(empty.statusCode, 422)
  t.match(empty.body, /id="password"[^>]*aria-invalid="true" autofocus/)
  const json = await visitor().api('POST', '/api/v1/auth/login', { password })
  t.match(json.json(), { statusCode: 400, code: 'INVALID', fields: { email: String } })
})

t.test('text that no account could have as its login is refused like any other', async (t) => {
  const { person, visitor, clock } = await startApp(t)
  await person('Ann')
  for (const email of ['ann\u0000@example.com', 'ann\ud800', '\u0000', "ann' or 1=1 --", '%', 'ann@', '@']) {
    const answer = await visitor().api('POST', '/api/v1/auth/login', { email, password })
    t.ok([400, 401].includes(answer.statusCode), `${JSON.stringify(email)}: ${answer.statusCode}`)
    const form = await visitor().submit('/login', { email, password })
    t.equal(form.statusCode, 422, JSON.stringify(email))
    clock.pass(hour)
  }
})

t.test('a remembered browser stays signed in for a week and not longer, however often it is used', async (t) => {
  const { person, visitor, clock } = await startApp(t)
  await person('Ann')
  const browser = visitor()
  t.equal(sessionCookie(await browser.submit('/login', remembered))?.maxAge, 604800)

  for (let days = 0; days < 6; days += 1) {
    clock.pass(day)
    t.ok(await isIn(browser))
  }
  clock.pass(day - 1)
  t.ok(await isIn(browser))
  clock.pass(1)
  t.match(await browser.open('/tasks'), { statusCode: 303, headers: { location: '/login?next=%2Ftasks' } })
  t.equal((await browser.open('/api/v1/auth/me')).statusCode, 401)
})

t.test('a browser that is not remembered is out after two idle hours', async (t) => {
  const { person, visitor, clock } = await startApp(t)
  await person('Ann')
  const browser = visitor()
  const cookie = sessionCookie(await browser.submit('/login', ann))
  t.ok(cookie?.value)
  t.equal(cookie?.maxAge, undefined)
  t.equal(cookie?.expires, undefined)

  for (let times = 0; times < 3; times += 1) {
    clock.pass(2 * hour - 1)
    t.ok(await isIn(browser))
  }
  clock.pass(2 * hour)
  t.notOk(await isIn(browser))
})

t.test('a browser that is not remembered is out after twelve hours, idle or not', async (t) => {
  const { person, visitor, clock } = await startApp(t)
  await person('Ann')
  const browser = visitor()
  await browser.submit('/login', ann)

  for (let hours = 0; hours < 11; hours += 1) {
    clock.pass(hour)
    t.ok(await isIn(browser))
  }
  clock.pass(hour - 1)
  t.ok(await isIn(browser))
  clock.pass(1)
  t.notOk(await isIn(browser))
})

t.test('the last use is noted at most once a minute', async (t) => {
  const { person, clock } = await startApp(t)
  const browser = await person('Ann')
  const started = clock.now().toISOString()
  const lastUse = async () => (await browser.open('/api/v1/sessions')).json().items[0].last_seen_at

  clock.pass(59)
  t.equal(await lastUse(), started)
  clock.pass(1)
  const noted = clock.now().toISOString()
  t.equal(await lastUse(), noted)
  clock.pass(59)
  t.equal(await lastUse(), noted)
  clock.pass(1)
  t.equal(await lastUse(), clock.now().toISOString())
})

t.test('every sign-in makes a new session and ends the one this browser had', async (t) => {
  const carrel = await startApp(t)
  const browser = await carrel.person('Ann')
  await carrel.person('Bob')
  const before = copyOf(browser, carrel)
  t.ok(await isIn(before))

  await browser.submit('/login', remembered)
  t.not(browser.cookies.get('session_id'), before.cookies.get('session_id'))
  t.ok(await isIn(browser))
  t.notOk(await isIn(before))

  const asAnn = copyOf(browser, carrel)
  await browser.submit('/login', { email: 'bob@example.com', password })
  t.equal((await browser.me()).email, 'bob@example.com')
  t.notOk(await isIn(asAnn))
})

t.test('the session before ends, whatever else the browser sends', async (t) => {
  const { person } = await startApp(t)
  const browser = await person('Ann')
  const before = new Map(browser.cookies)
  browser.cookies.set('known_browser', '')
  t.equal((await browser.submit('/login', ann)).statusCode, 303)
  t.match(browser.cookies.get('known_browser'), /^[\w-]{43}$/)
  const signedIn = browser.cookies.get('session_id')
  browser.cookies.set('session_id', before.get('session_id') as string)
  t.equal((await browser.open('/api/v1/auth/me')).statusCode, 401)
  browser.cookies.set('session_id', signedIn as string)
  t.equal((await browser.open('/api/v1/auth/me')).statusCode, 200)
})

t.test('a session id planted in a browser is never the one it signs in with', async (t) => {
  const { person, visitor } = await startApp(t)
  await person('Ann')
  const browser = visitor()
  const planted = 'A'.repeat(43)
  browser.cookies.set('session_id', planted)
  await browser.submit('/login', remembered)

  t.ok(await isIn(browser))
  t.not(browser.cookies.get('session_id'), planted)
  const attacker = visitor()
  attacker.cookies.set('session_id', planted)
  t.notOk(await isIn(attacker))
})

t.test('nothing that opens a door is stored as it is', async (t) => {
  const carrel = await startApp(t)
  const browser = await carrel.person('Ann')
  const token = await bearer(carrel)
  const { refresh_token } = (await carrel.visitor().api('POST', '/api/v1/auth/login', ann)).json()
  const secrets = [
    ...browser.cookies.values(),
    refresh_token,
    refresh_token.slice(4),
    token,
    token.split('.')[2] as string,
    password
  ]
  t.ok(secrets.length >= 5)

  const tables = await carrel.app.db.introspection.getTables()
  for (const { name } of tables) {
    const stored = JSON.stringify(
      await carrel.app.db
        .selectFrom(name as 'sessions')
        .selectAll()
        .execute()
    )
    for (const secret of secrets) t.notOk(stored.includes(secret), `${name} keeps no secret in clear`)
  }
  const [hash] = await carrel.app.db.selectFrom('sessions').select('token_hash').execute()
  const thief = carrel.visitor()
  thief.cookies.set('session_id', hash?.token_hash as string)
  t.notOk(await isIn(thief), 'what is stored opens nothing')
})

t.test('an unknown account, a wrong password and a disabled account get one and the same answer', async (t) => {
  const carrel = await startApp(t)
  for (const name of ['Ann', 'Bob']) await carrel.person(name)
  await disable(carrel, 'bob@example.com')
  const cases = [
    { email: 'ann@example.com', password: 'not her password' },
    { email: 'bob@example.com', password },
    { email: 'zoe@example.com', password }
  ]
  const pages = []
  const answers = []
  for (const fields of cases) {
    const page = seen(await carrel.visitor().submit('/login', fields))
    pages.push({ ...page, body: page.body.replaceAll(fields.email, 'somebody') })
    answers.push(seen(await carrel.visitor().api('POST', '/api/v1/auth/login', fields)))
  }
  t.equal(pages[0]?.statusCode, 422)
  t.match(pages[0]?.body, 'Email or password is incorrect.')
  t.match(answers[0], { statusCode: 401, body: /"WRONG_CREDENTIALS".*Email or password is incorrect\./ })
  for (const page of pages) t.same(page, pages[0])
  for (const answer of answers) t.same(answer, answers[0])
})

t.test('disabling an account ends its sessions and tokens at once', async (t) => {
  const carrel = await startApp(t)
  const browser = await carrel.person('Ann')
  const bob = await carrel.person('Bob')
  const token = await bearer(carrel)
  t.ok(await isIn(browser))
  t.equal((await shows(carrel, token)).statusCode, 200)

  await disable(carrel, 'ann@example.com')
  t.notOk(await isIn(browser))
  t.equal((await browser.open('/api/v1/auth/me')).statusCode, 401)
  t.equal((await shows(carrel, token)).statusCode, 401)
  t.ok(await isIn(bob))
})

t.test('signing out ends the session on the server, clears the browser and leaves others alone', async (t) => {
  const carrel = await startApp(t)
  const browser = await carrel.person('Ann')
  const phone = carrel.visitor()
  await phone.submit('/login', remembered)
  const kept = copyOf(browser, carrel)

  const answer = await browser.submit('/logout')
  t.match(answer, { statusCode: 303, headers: { location: '/login' } })
  t.match(answer.headers['clear-site-data'], /"cache".*"storage"/)
  t.match(sessionCookie(answer), { value: '', maxAge: 0, path: '/', httpOnly: true })
  t.notOk(browser.cookies.has('session_id'))
  t.notOk(await isIn(kept))
  t.ok(await isIn(phone))
  t.match((await browser.open('/login')).body, 'You are signed out.')
  t.equal((await browser.submit('/logout')).statusCode, 303)
})

t.test('a link or an image cannot sign anybody out', async (t) => {
  const { person } = await startApp(t)
  const browser = await person('Ann')
  t.match(await browser.open('/logout'), { statusCode: 405, headers: { allow: 'POST' } })
  t.ok(await isIn(browser))
})

t.test('a bearer token works for a week, or for twelve hours, and says so', async (t) => {
  const carrel = await startApp(t)
  await carrel.person('Ann')
  const login = (more: object) => carrel.visitor().api('POST', '/api/v1/auth/login', { ...ann, ...more })
  const long = await login({})
  const short = await login({ remember: false })

  t.match(long, { statusCode: 200 })
  t.match(long.json(), { access_token: String, token_type: 'bearer', expires_in: 604800 })
  t.equal(short.json().expires_in, 12 * hour)
  t.notOk(sessionCookie(long), 'a program gets no cookie')

  const week = long.json().access_token
  const brief = short.json().access_token
  for (const token of [week, brief]) t.equal((await shows(carrel, token)).json().email, 'ann@example.com')
  carrel.clock.pass(2 * hour)
  t.equal((await shows(carrel, brief)).statusCode, 401)
  carrel.clock.pass(7 * day - 2 * hour - 1)
  t.equal((await shows(carrel, week)).statusCode, 200)
  carrel.clock.pass(1)
  const late = await shows(carrel, week)
  t.match(late, { statusCode: 401, headers: { 'www-authenticate': /^Bearer/ } })
  t.match(late.json(), { code: 'SIGN_IN_REQUIRED' })
})

t.test('a bearer token is dead the moment its session is ended, by itself or from a page', async (t) => {
  const carrel = await startApp(t)
  const browser = await carrel.person('Ann')
  const [one, two, three] = [await bearer(carrel), await bearer(carrel), await bearer(carrel)]
  const authorization = `Bearer ${one}`

  const out = await carrel.visitor().request('POST', '/api/v1/auth/logout', undefined, { authorization })
  t.equal(out.statusCode, 204)
  t.equal((await shows(carrel, one)).statusCode, 401)
  t.equal((await shows(carrel, two)).statusCode, 200)

  const { items } = (await shows(carrel, two, '/api/v1/sessions')).json()
  const mine = items.find(({ current }: { current: boolean }) => current)
  t.equal((await browser.submit(`/settings/sessions/${mine.id}/end`)).statusCode, 303)
  t.equal((await shows(carrel, two)).statusCode, 401)
  t.equal((await shows(carrel, three)).statusCode, 200)
  await browser.submit('/settings/sessions/end-others')
  t.equal((await shows(carrel, three)).statusCode, 401)
  t.ok(await isIn(browser))
})

t.test('a wrong Authorization header is not rescued by a good cookie', async (t) => {
  const { person } = await startApp(t)
  const browser = await person('Ann')
  const asks = (authorization: string, method: 'GET' | 'POST', url: string, body?: object) =>
    browser.request(method, url, body, { authorization })

  for (const authorization of ['Bearer', 'Bearer x.y.z', 'Basic YW5uOnB3', 'nonsense']) {
    t.equal((await asks(authorization, 'GET', '/api/v1/auth/me')).statusCode, 401, authorization)
    t.equal((await asks(authorization, 'POST', '/api/v1/workspaces', { name: 'No' })).statusCode, 401, authorization)
  }
  t.equal((await asks('Bearer x.y.z', 'GET', '/tasks')).statusCode, 303)
  t.equal((await asks('Basic YW5uOnB3', 'GET', '/tasks')).statusCode, 200, 'the password of a proxy is not ours')
  t.equal((await browser.open('/api/v1/workspaces')).json().items.length, 1)
})

t.test('a person sees where they are signed in and ends each of them', async (t) => {
  const carrel = await startApp(t)
  const desk = await carrel.person('Ann')
  const phone = carrel.visitor()
  const agent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile Safari/604.1'
  await phone.request('POST', '/login', new URLSearchParams(remembered).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': agent
  })

  const page = (await desk.open('/settings/sessions')).body
  t.match(page, 'Safari on iPhone')
  t.match(page, 'This browser')
  t.match(page, '127.0.0.1')
  const { items, next_cursor } = (await desk.open('/api/v1/sessions')).json()
  t.equal(next_cursor, null)
  t.match(items, [
    { device: 'Safari on iPhone', current: false, address: '127.0.0.1' },
    { current: true, created_at: String, last_seen_at: String, expires_at: String }
  ])
  const first = (await desk.open('/api/v1/sessions?limit=1')).json()
  const second = (await desk.open(`/api/v1/sessions?limit=1&cursor=${first.next_cursor}`)).json()
  t.same([...first.items, ...second.items], items)
  t.equal(second.next_cursor, null)

  t.equal((await desk.api('DELETE', `/api/v1/sessions/${items[0].id}`)).statusCode, 204)
  t.notOk(await isIn(phone))
  t.equal((await desk.open('/api/v1/sessions')).json().items.length, 1)
  t.equal((await desk.api('DELETE', `/api/v1/sessions/${items[0].id}`)).statusCode, 404)
  t.equal((await desk.api('DELETE', `/api/v1/sessions/${items[1].id}`)).statusCode, 204)
  t.notOk(await isIn(desk), 'also the one they look through')
})

t.test('sessions that have ended are not shown', async (t) => {
  const { person, visitor, clock } = await startApp(t)
  const browser = await person('Ann')
  await visitor().submit('/login', ann)
  t.equal((await browser.open('/api/v1/sessions')).json().items.length, 2)
  clock.pass(2 * hour)
  t.equal((await browser.open('/api/v1/sessions')).json().items.length, 1)
})

t.test('nobody ends the session of another person', async (t) => {
  const { person, visitor } = await startApp(t)
  const browser = await person('Ann')
  const bob = await person('Bob')
  const bobs = (await bob.open('/api/v1/sessions')).json().items[0].id
  const nowhere = '01900000-0000-7000-8000-000000000000'

  const [his, none] = [bobs, nowhere].map((id) => browser.api('DELETE', `/api/v1/sessions/${id}`))
  t.same(seen(await (his as NonNullable<typeof his>)), seen(await (none as NonNullable<typeof none>)))
  const page = await browser.submit(`/settings/sessions/${bobs}/end`)
  t.same(seen(page), seen(await browser.submit(`/settings/sessions/${nowhere}/end`)))
  t.equal(page.statusCode, 404)
  await browser.submit('/settings/sessions/end-others')
  t.ok(await isIn(bob))
  t.notMatch((await browser.open('/api/v1/sessions')).body, bobs)

  const stranger = visitor()
  t.equal((await stranger.api('DELETE', `/api/v1/sessions/${bobs}`)).statusCode, 401)
  t.match(await stranger.submit('/settings/sessions/end-others'), { statusCode: 303, headers: { location: '/login' } })
  t.ok(await isIn(bob))
})

t.test('after signing in a person gets to the page they came for', async (t) => {
  const { person, visitor } = await startApp(t)
  await person('Ann')
  const browser = visitor()
  const sent = await browser.open('/workspaces/new?from=a%20link')
  t.match(sent, { statusCode: 303, headers: { location: '/login?next=%2Fworkspaces%2Fnew%3Ffrom%3Da%2520link' } })

  const form = await browser.open(sent.headers.location as string)
  t.match(form.body, 'name="next" value="/workspaces/new?from=a%20link"')
  t.match(form.body, 'href="/register?next=%2Fworkspaces%2Fnew%3Ffrom%3Da%2520link"')
  const done = await browser.submit('/login', { ...ann, next: '/workspaces/new?from=a%20link' })
  t.equal(done.headers.location, '/workspaces/new?from=a%20link')
  t.equal((await browser.open('/login?next=/tasks')).headers.location, '/tasks')

  for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', '/%2F/evil.example', '/\t/evil']) {
    t.equal((await visitor().submit('/login', { ...ann, next })).headers.location, '/', JSON.stringify(next))
    const asked = await browser.open(`/login?next=${encodeURIComponent(next)}`)
    t.equal(asked.headers.location, '/', JSON.stringify(next))
  }
})

t.test('a next that is none, and a tick that is none, stop nobody', async (t) => {
  const { person, visitor } = await startApp(t)
  await person('Ann')
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const fields = new URLSearchParams(ann).toString()
  for (const more of [
    `next=/${'x'.repeat(3000)}`,
    'next=/tasks&next=/tasks',
    'remember=on&remember=on',
    'remember=off'
  ]) {
    const answer = await visitor().request('POST', '/login', `${fields}&${more}`, form)
    t.match(answer, { statusCode: 303, headers: { location: '/' } }, more.slice(0, 30))
    const cookie = answer.cookies.find(({ name }) => name === 'session_id')
    t.equal(cookie?.maxAge, undefined, 'only a ticked box is ticked')
  }
  t.equal((await visitor().open('/login?next=a&next=b')).statusCode, 200)
  t.equal((await visitor().api('POST', '/api/v1/auth/login', { ...ann, email: '', username: 'ann' })).statusCode, 200)
})

t.test('a stored hash is renewed at sign-in when the setting has risen, and not when it fell', async (t) => {
  const { app, clock, person, visitor } = await startApp(t, { HASH_MEMORY_MB: '2' })
  const { id } = await (await person('Ann')).me()
  const stored = async () =>
    (await app.db.selectFrom('accounts').select('password_hash').executeTakeFirstOrThrow()).password_hash as string
  t.match(await stored(), /^\$argon2id\$v=19\$m=2048,/)

  await storeHash(app.db, id, await passwordHashing(1).hash(password), clock.now())
  const wrong = await visitor().submit('/login', { ...ann, password: 'not her password' })
  t.equal(wrong.statusCode, 422)
  t.match(await stored(), 'm=1024,')
  t.equal((await visitor().submit('/login', ann)).statusCode, 303)
  const renewed = await stored()
  t.match(renewed, /m=2048,/)
  t.equal((await visitor().submit('/login', ann)).statusCode, 303)
  t.equal(await stored(), renewed, 'once is enough')

  const dearer = await passwordHashing(4).hash(password)
  await storeHash(app.db, id, dearer, clock.now())
  t.equal((await visitor().submit('/login', ann)).statusCode, 303)
  t.equal(await stored(), dearer)
})
