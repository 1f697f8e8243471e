import t from 'tap'
import { password, startApp } from '../support/carrel.ts'

const ann = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }

t.test('Ann signs up by form and has all that belongs to an account', async (t) => {
  const { visitor } = await startApp(t)
  const browser = visitor()
  const answer = await browser.submit('/register', { ...ann, email: '  Ann@Example.COM ', username: 'Annie' })

  t.equal(answer.statusCode, 303)
  t.equal(answer.headers.location, '/invite-coparent')
  t.match(await browser.me(), {
    email: 'ann@example.com',
    username: 'annie',
    role: 'user',
    displayName: 'Ann Arbor',
    room: { name: "Ann Arbor's Room" },
    context: {}
  })
  const { items } = (await browser.open('/api/v1/tasks')).json()
  t.same(
    items.map((task: { status: string }) => task.status),
    ['open', 'open', 'open']
  )
  const home = await browser.open('/')
  t.match(home.body, 'Ann Arbor&#39;s Room')
  t.match(home.body, 'Invite someone')
})

t.test('the cookie of a newcomer is theirs for a week and unreadable by scripts', async (t) => {
  const { visitor } = await startApp(t)
  const answer = await visitor().submit('/register', ann)
  const cookie = answer.cookies.find(({ name }) => name === 'session_id')

  t.match(cookie, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 604800 })
  t.match(cookie?.value, /^[\w-]{43}$/)
})

t.test('with an https address the cookie is Secure and bound to the host', async (t) => {
  const { visitor } = await startApp(t, { PUBLIC_URL: 'https://carrel.example.com' })
  const answer = await visitor().submit('/register', ann)
  t.match(
    answer.cookies.find(({ name }) => name === '__Host-session_id'),
    { secure: true, path: '/' }
  )
  t.match(answer.headers['strict-transport-security'], 'max-age=63072000')
})

t.test('the JSON twin answers with the account, its room and a token that works', async (t) => {
  const { visitor } = await startApp(t)
  const answer = await visitor().api('POST', '/api/auth/signup', { ...ann, context: { answers: 'short' }, website: '' })
  const { success, user, token } = answer.json()

  t.equal(answer.statusCode, 200)
  t.equal(success, true)
  t.match(user, {
    email: 'ann@example.com',
    username: 'ann',
    firstName: 'Ann',
    lastName: 'Arbor',
    displayName: 'Ann Arbor',
    room: { roomId: String, name: "Ann Arbor's Room" },
    context: { answers: 'short' }
  })
  const me = await visitor().request('GET', '/api/v1/auth/me', undefined, { authorization: `Bearer ${token}` })
  t.equal(me.json().id, user.id)
})

t.test('a refused form comes back with what was typed, but never the password', async (t) => {
  const { visitor } = await startApp(t)
  const answer = await visitor().submit('/register', { ...ann, lastName: '', email: 'not an email', password: 'brief' })

  t.equal(answer.statusCode, 422)
  t.match(answer.body, 'value="Ann"')
  t.match(answer.body, 'value="not an email"')
  t.notMatch(answer.body, 'brief')
  t.match(answer.body, /role="alert" tabindex="-1" autofocus/)
  for (const field of ['lastName', 'email', 'password']) {
    t.match(answer.body, new RegExp(`id="${field}"[^>]*aria-describedby="${field}-error[^>]*aria-invalid="true"`))
    t.match(answer.body, new RegExp(`<a href="#${field}">`))
  }
})

t.test('with one wrong field the focus goes there', async (t) => {
  const { visitor } = await startApp(t)
  const answer = await visitor().submit('/register', { ...ann, email: 'nowhere' })
  t.match(answer.body, /id="email"[^>]*aria-invalid="true" autofocus/)
  t.notMatch(answer.body, 'role="alert"')
})

t.test('an email has one account, however it is written', async (t) => {
  const { visitor, person } = await startApp(t)
  await person('Ann')

  const form = await visitor().submit('/register', { ...ann, email: 'ANN@example.com' })
  t.equal(form.statusCode, 409)
  t.match(form.body, 'This email is already registered.')
  t.match(form.body, /<a href="\/login">Would you like to sign in\?/)

  const json = await visitor().api('POST', '/api/auth/signup', ann)
  t.equal(json.statusCode, 409)
  t.match(json.json(), {
    statusCode: 409,
    code: 'REG_001',
    error: 'Email already exists',
    message: 'Email already exists'
  })
})

t.test('a username has one account; a derived one makes room for itself', async (t) => {
  const { visitor, person } = await startApp(t)
  await person('Ann')

  const taken = await visitor().api('POST', '/api/auth/signup', { ...ann, email: 'other@example.com', username: 'ANN' })
  t.match(taken.json(), { statusCode: 400, code: 'USERNAME_TAKEN', fields: { username: String } })
  const form = await visitor().submit('/register', { ...ann, email: 'other@example.com', username: 'ann' })
  t.match(form, { statusCode: 422, body: /This username is taken\./ })
  const derived = await visitor().api('POST', '/api/auth/signup', { ...ann, email: 'ann@example.org' })
  t.equal(derived.json().user.username, 'ann2')
})

t.test('passwords that attackers try first, or that are the own name, are refused', async (t) => {
  const { visitor } = await startApp(t)
  const listed = ['qwertyuiop', '1234567890', 'Password123!', 'P@ssw0rd12', '12Sunshine34', 'changeme123']
  const runs = ['1111111111', '0987654321', 'abcdefghij', '123123123123', 'AbAbAbAbAb', 'poiuytrewq']
  const own = ['Ann@Example.com', 'AnnArbor123', 'carrel2026!']
  const refused = [...listed, ...runs, ...own, 'nine char']
  for (const password of refused) {
    const answer = await visitor().api('POST', '/api/auth/signup', { ...ann, password })
    t.equal(answer.statusCode, 400, password)
    t.match(answer.json(), { fields: { password: String }, requirements: 'At least 10 characters' }, password)
  }
  const answer = await visitor().api('POST', '/api/auth/signup', { ...ann, password: ' spaces are kept ' })
  t.equal(answer.statusCode, 200)
  const trimmed = await visitor().api('POST', '/api/v1/auth/login', { username: 'ann', password: 'spaces are kept' })
  t.equal(trimmed.statusCode, 401)
  const exact = await visitor().api('POST', '/api/v1/auth/login', { username: 'ann', password: ' spaces are kept ' })
  t.equal(exact.statusCode, 200)
})

t.test('a password may be 128 characters and any characters, and none of them is cut off', async (t) => {
  const { visitor } = await startApp(t)
  const long = '🗝'.repeat(127)
  t.equal((await visitor().api('POST', '/api/auth/signup', { ...ann, password: `${long}ab` })).statusCode, 400)
  t.equal((await visitor().api('POST', '/api/auth/signup', { ...ann, password: `${long}a` })).statusCode, 200)
  const short = await visitor().api('POST', '/api/v1/auth/login', { email: ann.email, password: long })
  t.equal(short.statusCode, 401)
})

t.test('throw-away addresses are refused, also under a subdomain', async (t) => {
  const { visitor } = await startApp(t)
  for (const email of ['ann@mailinator.com', 'ann@mail.mailinator.com']) {
    const answer = await visitor().api('POST', '/api/auth/signup', { ...ann, email })
    t.match(answer.json(), { statusCode: 400, fields: { email: /throw-away/ } })
  }
})

t.test('a filled honeypot is refused and makes nothing', async (t) => {
  const { app, visitor } = await startApp(t)
  const form = await visitor().submit('/register', { ...ann, website: 'https://spam.example' })
  t.equal(form.statusCode, 400)
  const json = await visitor().api('POST', '/api/auth/signup', { ...ann, website: 'x' })
  t.match(json.json(), { statusCode: 400, code: 'SIGNUP_REFUSED' })
  t.same(await app.db.selectFrom('accounts').selectAll().execute(), [])
})

t.test('a filled honeypot is refused before any other rule is told', async (t) => {
  const { visitor } = await startApp(t)
  for (const website of ['x', 5, ['x']]) {
    const answer = await visitor().api('POST', '/api/auth/signup', { website })
    t.match(answer.json(), { statusCode: 400, code: 'SIGNUP_REFUSED', fields: undefined })
  }
  const form = await visitor().submit('/register', { website: 'x', email: 'q' })
  t.equal(form.statusCode, 400)
  t.notMatch(form.body, 'Enter an email address')
  t.equal((await visitor().api('POST', '/api/auth/signup', { ...ann, website: null })).statusCode, 200)
})

t.test('more sign-ups from one address than the setting allows are told to wait', async (t) => {
  const { visitor, clock } = await startApp(t, { SIGNUP_LIMIT: '2' })
  for (const name of ['a', 'b']) {
    t.equal((await visitor().submit('/register', { ...ann, email: `${name}nn@example.com` })).statusCode, 303)
  }
  const answer = await visitor().submit('/register', { ...ann, email: 'cnn@example.com' })
  t.equal(answer.statusCode, 429)
  t.equal(answer.headers['retry-after'], '3600')
  t.match(answer.body, 'value="cnn@example.com"')
  clock.pass(3601)
  t.equal((await visitor().submit('/register', { ...ann, email: 'cnn@example.com' })).statusCode, 303)
})

t.test('two sign-ups with one email at the same moment make one account', async (t) => {
  const { app, visitor } = await startApp(t)
  const answers = await Promise.all(Array.from({ length: 6 }, () => visitor().api('POST', '/api/auth/signup', ann)))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 409, 409, 409, 409, 409])
  t.equal((await app.db.selectFrom('workspaces').selectAll().execute()).length, 1)
  t.equal((await app.db.selectFrom('tasks').selectAll().execute()).length, 3)
})

t.test('a newcomer goes on to where they were going', async (t) => {
  const { visitor } = await startApp(t)
  const page = await visitor().open('/register?next=/workspaces/new')
  t.match(page.body, 'name="next" value="/workspaces/new"')
  t.match(page.body, 'href="/login?next=%2Fworkspaces%2Fnew"')
  const safe = await visitor().submit('/register', { ...ann, next: '/workspaces/new' })
  t.equal(safe.headers.location, '/workspaces/new')
  const foreign = await visitor().submit('/register', { ...ann, email: 'b@example.com', next: '//evil.example' })
  t.equal(foreign.headers.location, '/invite-coparent')
})

t.test('AFTER_SIGNUP_PATH says where newcomers go', async (t) => {
  const { visitor } = await startApp(t, { AFTER_SIGNUP_PATH: '/tasks' })
  t.equal((await visitor().submit('/register', ann)).headers.location, '/tasks')
})

t.test('whoever is signed in is not asked again', async (t) => {
  const { person } = await startApp(t)
  const browser = await person('Ann')
  for (const path of ['/register', '/login']) {
    t.match(await browser.open(path), { statusCode: 303, headers: { location: '/' } })
  }
})

t.test('a closed Carrel makes no accounts, and one by invite makes them for the invited', async (t) => {
  const closed = await startApp(t, { SIGNUP: 'closed' })
  t.equal((await closed.visitor().submit('/register', ann)).statusCode, 403)
  t.match((await closed.visitor().api('POST', '/api/auth/signup', ann)).json(), { code: 'SIGNUP_CLOSED' })
  t.match((await closed.visitor().open('/register')).body, 'Not open to newcomers')
})
