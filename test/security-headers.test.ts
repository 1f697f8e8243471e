import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { brotliDecompressSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { anyone } from '../src/plugins/access.ts'
import type { Browser } from './support/browser.ts'
import { password, settingsFor, startApp, temporaryFolder } from './support/carrel.ts'

const site = 'https://carrel.example.com'
const atHome = { PUBLIC_URL: site }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const nowhere = '01900000-0000-7000-8000-000000000000'

const promised = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': /camera=\(\).*microphone=\(\)/,
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY'
}

/** A Carrel with two routes that throw, since none of ours is known to. */
async function carrelThatBreaks(t: Test, settings: Record<string, string> = {}) {
  const carrel = await startApp(t, settings)
  for (const path of ['/breaks', '/api/v1/breaks']) {
    carrel.app.get(path, { onRequest: anyone }, async () => {
      throw Object.assign(new Error(`no such table: secrets of ${password}`), { statusCode: 500 })
    })
  }
  return carrel
}

t.test('every answer carries the same protection, whatever it is', async (t) => {
  const { app, person, visitor } = await carrelThatBreaks(t, atHome)
  const ann = await person('Ann')
  const large = `email=${'x'.repeat(300_000)}`
  const answers: [string, number, ReturnType<Browser['open']>][] = [
    ['landing page', 200, visitor().open('/')],
    ['desk', 200, ann.open('/')],
    ['API', 200, ann.open('/api/v1/auth/me')],
    ['health', 200, visitor().open('/health')],
    ['stylesheet', 200, visitor().open(`${app.assets}/carrel.css`)],
    ['script', 200, visitor().open(`${app.assets}/carrel.js`)],
    ['font', 200, visitor().open(`${app.assets}/fonts/literata-latin-wght-normal.woff2`)],
    ['redirect', 303, visitor().open('/tasks')],
    ['refused form', 422, visitor().submit('/login', {})],
    ['no sign-in', 401, visitor().open('/api/v1/auth/me')],
    ['foreign origin', 403, visitor().request('POST', '/logout', undefined, { 'sec-fetch-site': 'cross-site' })],
    ['nothing there', 404, visitor().open('/nowhere')],
    ['no such asset', 404, visitor().open(`${app.assets}/nothing.css`)],
    ['wrong method', 405, visitor().request('PUT', '/login')],
    ['too large', 413, visitor().request('POST', '/login', large, form)],
    ['wrong type', 415, visitor().request('POST', '/login', '<x/>', { 'content-type': 'application/xml' })],
    ['fault', 500, visitor().open('/breaks')],
    ['fault of the API', 500, visitor().open('/api/v1/breaks')],
    ['broken address', 404, visitor().open('/%E0%A4%A')],
    ['broken address of the API', 404, visitor().open('/api/%E0%A4%A')]
  ]
  for (const [name, status, asked] of answers) {
    const answer = await asked
    t.equal(answer.statusCode, status, name)
    t.match(answer.headers, promised, name)
    t.match(answer.headers['strict-transport-security'], /^max-age=63072000; includeSubDomains$/, name)
    t.notOk(answer.headers['x-powered-by'] ?? answer.headers.server, name)
    t.notOk(answer.headers['access-control-allow-origin'], name)
  }
})

t.test('over plain http nothing is said about https', async (t) => {
  const { visitor } = await startApp(t)
  t.notOk((await visitor().open('/')).headers['strict-transport-security'])
})

t.test('what is for one person is kept nowhere on the way', async (t) => {
  const { app, person, visitor } = await startApp(t)
  const ann = await person('Ann')
  const pages = ['/', '/workspaces', '/workspaces/new', '/tasks', '/invite', '/settings/sessions', '/nowhere', '/setup']
  for (const path of pages) t.equal((await ann.open(path)).headers['cache-control'], 'no-store', path)
  for (const path of ['/auth/me', '/workspaces', '/tasks', '/sessions', '/invites', '/username', '/nowhere']) {
    t.equal((await ann.open(`/api/v1${path}`)).headers['cache-control'], 'no-store', path)
  }
  const login = await visitor().api('POST', '/api/v1/auth/login', { email: 'ann@example.com', password })
  t.equal(login.headers['cache-control'], 'no-store', 'least of all a token')

  t.notMatch((await visitor().open('/')).headers['cache-control'], 'no-store')
  for (const browser of [ann, visitor()]) {
    const asset = await browser.open(`${app.assets}/carrel.css`)
    t.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable')
    t.notOk(asset.headers['set-cookie'])
  }
})

t.test('styles and scripts come packed to whoever can unpack them', async (t) => {
  const { app, visitor } = await startApp(t)
  const url = `${app.assets}/carrel.css`
  const plain = await visitor().open(url)
  t.match(plain.headers, { 'content-type': 'text/css; charset=utf-8', vary: /accept-encoding/i })
  t.notOk(plain.headers['content-encoding'])
  const packed = await visitor().request('GET', url, undefined, { 'accept-encoding': 'gzip, br' })
  t.equal(packed.headers['content-encoding'], 'br')
  t.same(brotliDecompressSync(packed.rawPayload), plain.rawPayload)
  t.ok(packed.rawPayload.length < plain.rawPayload.length / 2)
})

t.test('TRACE is refused, and so is every method an address does not take', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  const cookie = ann.headers.cookie as string
  const trace = await app.inject({ method: 'TRACE' as never, url: '/', headers: { cookie } })
  t.equal(trace.statusCode, 405)
  t.notMatch(trace.body, ann.cookies.get('session_id') as string)

  for (const [method, path, allow] of [
    ['PUT', '/login', 'GET, HEAD, POST'],
    ['GET', '/logout', 'POST'],
    ['OPTIONS', '/tasks', 'GET, HEAD'],
    ['DELETE', '/workspaces', 'GET, HEAD, POST'],
    ['PUT', `/api/v1/workspaces/${nowhere}`, 'DELETE, GET, HEAD, PATCH'],
    ['POST', '/api/v1/auth/me?x=1', 'GET, HEAD']
  ] as const) {
    const answer = await ann.request(method, path)
    t.match(answer, { statusCode: 405, headers: { allow } }, `${method} ${path}`)
    if (path.startsWith('/api/')) t.match(answer.json(), { statusCode: 405, code: 'METHOD_NOT_ALLOWED' })
    else t.match(answer.headers['content-type'], 'text/html')
  }
})

t.test('what is not there, too large or of the wrong type is said so, as a page and as JSON', async (t) => {
  const { visitor } = await startApp(t)
  const large = 'x'.repeat(300_000)
  const cases: [number, string, (path: string) => ReturnType<Browser['open']>][] = [
    [404, 'NOT_FOUND', (path) => visitor().open(`${path}/nowhere`)],
    [413, 'TOO_LARGE', (path) => visitor().request('POST', path, `email=${large}`, form)],
    [413, 'TOO_LARGE', (path) => visitor().request('POST', path, { email: large })],
    [415, 'WRONG_TYPE', (path) => visitor().request('POST', path, '<x/>', { 'content-type': 'text/xml' })],
    [415, 'WRONG_TYPE', (path) => visitor().request('POST', path, 'x', { 'content-type': 'text/plain' })]
  ]
  for (const [status, code, ask] of cases) {
    const page = await ask('/login')
    t.match(page, { statusCode: status, headers: { 'content-type': /^text\/html/ } })
    t.match(page.body, '<h1>')
    const json = await ask('/api/v1/auth/login')
    t.match(json.json(), { statusCode: status, code, error: String, message: String })
  }
  t.equal((await visitor().open('/')).statusCode, 200)
})

t.test('what cannot be read is refused, and nothing breaks', async (t) => {
  const { visitor } = await startApp(t)
  const json = { 'content-type': 'application/json' }
  for (const text of ['{', '', '[', '"text"', 'null', '7', '{"__proto__":{"admin":true}}', '{"a":"\u0000"}']) {
    const answer = await visitor().request('POST', '/api/v1/auth/login', text, json)
    t.match(answer.json(), { statusCode: 400, code: 'INVALID' }, text)
  }
  for (const text of ['%', 'email=%E0%A4%A', 'email=a&email=b', '__proto__=x', '=', 'a[b]=c', '&'.repeat(10_000)]) {
    t.equal((await visitor().request('POST', '/login', text, form)).statusCode, 422, text.slice(0, 20))
  }
  for (const path of ['/%', '/%00', '/login%00', '/\u00e9', `/${'a'.repeat(2000)}`, `/workspaces/${'a'.repeat(500)}`]) {
    const { statusCode } = await visitor().open(encodeURI(path).replaceAll('%25', '%'))
    t.ok([303, 404].includes(statusCode), `${path.slice(0, 20)}: ${statusCode}`)
  }
})

t.test('a fault shows a reference and nothing of its cause, and the next request works', async (t) => {
  const { app, person } = await carrelThatBreaks(t)
  const ann = await person('Ann')
  const page = await ann.open('/breaks')
  t.match(page, { statusCode: 500, headers: { 'content-type': /^text\/html/ } })
  const reference = /reference <b>([\w-]+)<\/b>/.exec(page.body)?.[1]
  t.ok(reference)
  const json = await ann.open('/api/v1/breaks')
  t.match(json.json(), { statusCode: 500, code: 'UNEXPECTED', reference: String, message: /Reference: / })
  for (const { body } of [page, json]) t.notMatch(body, /no such table|secrets|four unrelated|\.ts:/)

  const written = await app.db.selectFrom('audit_events').selectAll().where('event', '=', 'error.unexpected').execute()
  t.same(
    written.map(({ request_id }) => request_id),
    [reference, json.json().reference]
  )
  t.equal((await ann.open('/')).statusCode, 200)
})

t.test('a fault in the page about a fault still tells nothing', async (t) => {
  const { app, visitor } = await carrelThatBreaks(t)
  app.addHook('preHandler', async (_request, reply) => {
    reply.page = () => {
      throw new Error(`no such template: ${password}`)
    }
  })
  const answer = await visitor().open('/breaks')
  t.match(answer, { statusCode: 500, body: /^Something went wrong on our side. Reference: [\w-]+\n$/ })
  t.match(answer.headers['content-type'], 'text/plain')
})

t.test('a field that is no text breaks no page', async (t) => {
  const { visitor } = await startApp(t)
  const odd = { toString: 1 }
  for (const url of ['/setup', '/verify-email', '/login', '/register']) {
    const answer = await visitor().request('POST', url, { token: odd, next: odd, password: odd, email: odd })
    t.ok([404, 422].includes(answer.statusCode), `${url} ${answer.statusCode}`)
    t.match(answer.headers['content-type'], 'text/html', url)
    t.notMatch(answer.body, /TypeError|views|\.njk/, url)
  }
})

t.test('a form that cannot be shown again is still a page that tells nothing', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  await app.db.schema.alterTable('invites').renameTo('elsewhere').execute()
  const answer = await ann.submit('/invite-coparent', { role: 'nobody' })
  t.match(answer, { statusCode: 500, headers: { 'content-type': /^text\/html/ } })
  t.match(answer.body, 'Something went wrong on our side')
  t.notMatch(answer.body, /no such table|relation|select|invites/)
})

t.test(
  'too many requests are told to wait, as a page, as a form and as JSON, and only whoever made them',
  async (t) => {
    const { person, visitor } = await startApp(t, { API_LIMIT: '5' })
    const ann = await person('Ann')
    const bob = await person('Bob')
    for (let time = 0; time < 5; time += 1) t.equal((await ann.open('/')).statusCode, 200)
    const page = await ann.open('/')
    t.match(page, { statusCode: 429, headers: { 'content-type': /^text\/html/, 'retry-after': /^\d+$/ } })
    const json = await ann.open('/api/v1/tasks')
    t.match(json.json(), { statusCode: 429, code: 'TOO_MANY' })
    t.match(json.headers, { 'retry-after': /^\d+$/, 'ratelimit-limit': '5', 'ratelimit-remaining': '0' })
    t.equal((await bob.open('/')).statusCode, 200, 'Bob is not Ann')
    t.equal((await ann.open('/health')).statusCode, 200)

    while ((await visitor().open('/')).statusCode === 200);
    const login = await visitor().submit('/login', { email: 'ann@example.com', password })
    t.match(login, { statusCode: 429, body: /action="\/login"/ })
    const inside = await visitor().submit('/invite-coparent', {})
    t.match(inside, { statusCode: 429, headers: { 'content-type': /^text\/html/ } })
  }
)

t.test('a made-up credential brings no allowance of its own', async (t) => {
  const { visitor } = await startApp(t, { API_LIMIT: '5' })
  const statuses = []
  for (let time = 0; time < 7; time += 1) {
    const browser = visitor()
    browser.cookies.set('session_id', `${time}`.repeat(43))
    const headers: Record<string, string> = time % 2 ? { authorization: `Bearer ${time}` } : {}
    statuses.push((await browser.request('GET', '/api/v1/auth/me', undefined, headers)).statusCode)
  }
  t.same(statuses, [401, 401, 401, 401, 401, 429, 429])
})

const ours = [
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'same-origin', origin: 'null' },
  { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' },
  { origin: site },
  { origin: site, referer: 'https://evil.example/' },
  { referer: `${site}/workspaces/new?x=1` }
]
const foreign = [
  {},
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-site': '' },
  { 'sec-fetch-site': 'cross-site', origin: site, referer: `${site}/` },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'null', referer: `${site}/` },
  { origin: '' },
  { origin: 'http://carrel.example.com' },
  { origin: `${site}:8443` },
  { origin: 'https://carrel.example.com.evil.example' },
  { origin: 'https://evil.example', referer: `${site}/` },
  { referer: 'https://evil.example/?https://carrel.example.com/' },
  { referer: 'https://carrel.example.com@evil.example/' },
  { referer: 'carrel.example.com' }
]

t.test('a form works from our own pages and from nowhere else', async (t) => {
  const { app, person } = await startApp(t, atHome)
  const ann = await person('Ann')
  const cookie = ann.headers.cookie as string
  const posts = (headers: object) =>
    app.inject({ method: 'POST', url: '/workspaces', payload: 'name=Flat', headers: { ...form, cookie, ...headers } })

  for (const headers of ours) t.equal((await posts(headers)).statusCode, 303, JSON.stringify(headers))
  for (const headers of foreign) {
    const answer = await posts(headers)
    t.equal(answer.statusCode, 403, JSON.stringify(headers))
    t.match(answer.body, 'did not come from one of our own pages')
  }
  t.equal((await ann.open('/api/v1/workspaces')).json().items.length, ours.length + 1)
  t.equal(
    (await app.inject({ url: '/workspaces', headers: { cookie, origin: 'https://evil.example' } })).statusCode,
    200
  )
})

t.test('signing in and up are checked as well, so that nobody is signed in as somebody else', async (t) => {
  const { app, person } = await startApp(t, atHome)
  await person('Ann')
  const payload = new URLSearchParams({ email: 'ann@example.com', password }).toString()
  for (const url of ['/login', '/register', '/logout', '/setup', '/verify-email']) {
    for (const headers of foreign) {
      const answer = await app.inject({ method: 'POST', url, payload, headers: { ...form, ...headers } })
      t.equal(answer.statusCode, 403, `${url} ${JSON.stringify(headers)}`)
      t.notOk(answer.headers['set-cookie'])
    }
  }
  const made = { ...form, authorization: 'Basic YW5uOnB3', 'sec-fetch-site': 'cross-site' }
  const answer = await app.inject({ method: 'POST', url: '/login', payload, headers: made })
  t.equal(answer.statusCode, 403, 'a browser may attach a header of its own that proves nothing')
})

t.test('without a public address, the one that was asked for is ours', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  const posts = (origin: string) =>
    app.inject({
      method: 'POST',
      url: '/workspaces',
      payload: 'name=Flat',
      headers: { ...form, cookie: ann.headers.cookie as string, host: 'localhost:3000', origin }
    })
  t.equal((await posts('http://localhost:3000')).statusCode, 303)
  for (const origin of ['http://localhost:3001', 'http://localhost', 'http://evil.example:3000', 'null']) {
    t.equal((await posts(origin)).statusCode, 403, origin)
  }
})

t.test('a program needs no origin, as long as it shows a token or nothing at all', async (t) => {
  const { app, person } = await startApp(t, atHome)
  const ann = await person('Ann')
  const credentials = { email: 'ann@example.com', password }
  const asks = (url: string, payload: object, headers: object = {}) =>
    app.inject({ method: 'POST', url, payload, headers: { ...headers } })

  const login = await asks('/api/v1/auth/login', credentials)
  t.equal(login.statusCode, 200)
  const authorization = `Bearer ${login.json().access_token}`
  for (const headers of [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    t.equal((await asks('/api/v1/workspaces', { name: 'Flat' }, { authorization, ...headers })).statusCode, 201)
  }
  const cookie = ann.headers.cookie as string
  const refused = await asks('/api/v1/workspaces', { name: 'Flat' }, { cookie })
  t.match(refused.json(), { statusCode: 403, code: 'FOREIGN_ORIGIN' })
  t.equal((await asks('/api/v1/workspaces', { name: 'Flat' }, { cookie, origin: site })).statusCode, 201)
  t.equal((await asks('/api/v1/auth/login', credentials, { origin: 'https://evil.example' })).statusCode, 403)
  t.equal((await asks('/api/auth/signup', {}, { 'sec-fetch-site': 'cross-site' })).statusCode, 403)
})

t.test('a token that is no longer good is told so, wherever it is shown', async (t) => {
  const { app } = await startApp(t, atHome)
  const headers = { authorization: 'Bearer x.y.z', origin: 'https://evil.example', cookie: 'notice=x' }
  const answer = await app.inject({ method: 'POST', url: '/api/v1/workspaces', payload: { name: 'Flat' }, headers })
  t.match(answer.json(), { statusCode: 401, code: 'SIGN_IN_REQUIRED' })
})

t.test('the password of a proxy, which a browser sends by itself, excuses no foreign origin', async (t) => {
  const { app } = await startApp(t, atHome)
  const payload = { email: 'ann@example.com', password, firstName: 'Ann', lastName: 'Arbor' }
  const headers = { authorization: 'Basic dTpw', 'sec-fetch-site': 'cross-site' }
  const answer = await app.inject({ method: 'POST', url: '/api/auth/signup', payload, headers })
  t.match(answer.json(), { statusCode: 403, code: 'FOREIGN_ORIGIN' })
})

t.test('the API is the API, however its address is spelled', async (t) => {
  const { person, visitor } = await startApp(t)
  const ann = await person('Ann')
  for (const url of ['/%61pi/v1/auth/me', '/api/v1/%61uth/me']) {
    const answer = await ann.open(url)
    t.match(answer, { statusCode: 200, headers: { 'cache-control': 'no-store' } }, url)
    t.match((await visitor().open(url)).json(), { statusCode: 401 }, url)
  }
})

t.test('what a proxy adds to an address, or puts in its place, makes nobody somebody else', async (t) => {
  const { app, visitor } = await startApp(t, { TRUST_PROXY: '127.0.0.1' })
  const guesses = (from: string) =>
    visitor().request('POST', '/login', 'email=zoe&password=wrong', { ...form, 'x-forwarded-for': from })
  for (const [said, address] of [
    ['203.0.113.7:4711', '203.0.113.7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['2001:db8::7', '2001:db8::7'],
    ['x'.repeat(5000), '127.0.0.1'],
    ['unknown', '127.0.0.1']
  ] as const) {
    await guesses(said)
    const rows = await app.db.selectFrom('audit_events').select('address').orderBy('id', 'desc').execute()
    t.equal(rows[0]?.address, address, said.slice(0, 30))
  }
})

t.test('X-Forwarded-For is believed from the proxies that were named, and from nobody else', async (t) => {
  const said = { 'x-forwarded-for': '198.51.100.66, 203.0.113.7', 'x-forwarded-proto': 'https' }
  for (const [trusted, from, address, https] of [
    ['', '10.1.2.3', '10.1.2.3', false],
    ['10.0.0.0/8', '10.1.2.3', '203.0.113.7', true],
    ['10.0.0.0/8', '192.0.2.1', '192.0.2.1', false],
    ['10.1.2.3, 203.0.113.0/24', '10.1.2.3', '198.51.100.66', true]
  ] as const) {
    const { app, person } = await startApp(t, { TRUST_PROXY: trusted })
    const ann = await person('Ann')
    await ann.submit('/logout')
    const payload = new URLSearchParams({ email: 'ann@example.com', password }).toString()
    const headers = { ...form, ...said, 'sec-fetch-site': 'same-origin' }
    const answer = await app.inject({ method: 'POST', url: '/login', payload, headers, remoteAddress: from })
    t.equal(answer.statusCode, 303)
    t.equal(answer.headers['strict-transport-security'] !== undefined, https)
    const session = await app.db.selectFrom('sessions').select('address').executeTakeFirstOrThrow()
    t.equal(session.address, address, `${from} where ${trusted || 'nobody'} is trusted`)
  }
})

t.test('X-Forwarded-Host makes no link of ours from anybody but a named proxy', async (t) => {
  for (const [trusted, host] of [
    ['', 'localhost:3000'],
    ['10.0.0.0/8', 'localhost:3000'],
    ['127.0.0.1', 'carrel.example.com']
  ] as const) {
    const { person } = await startApp(t, { TRUST_PROXY: trusted })
    const ann = await person('Ann')
    const { room } = await ann.me()
    const body = { workspace_id: room.roomId, role: 'viewer' }
    const headers = { host: 'localhost:3000', 'x-forwarded-host': 'carrel.example.com' }
    const made = await ann.request('POST', '/api/v1/invites', body, headers)
    t.equal(new URL(made.json().url).host, host, trusted)
  }
})

t.test('the log says what was asked, but no query, cookie, token or password', async (t) => {
  const settings = { ...(await settingsFor(t)), LOG_LEVEL: 'trace', PORT: '0', HOST: '127.0.0.1' }
  const server = join(import.meta.dirname, '../src/start.js')
  const child = spawn(process.execPath, [server], {
    cwd: temporaryFolder(t),
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  t.teardown(() => child.kill('SIGKILL'))
  const gone = new Promise((resolve) => child.once('close', resolve))
  const lines: string[] = []
  child.stderr.on('data', (text) => lines.push(String(text)))
  const home = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error(lines.join('\n'))))
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      const open = /^Carrel is open at (\S+)/.exec(line)
      if (open) resolve(open[1] as string)
    })
  })

  const asks = (path: string, init: RequestInit = {}) =>
    fetch(home + path, { redirect: 'manual', ...init, headers: { origin: home, ...init.headers } })
  const post = (path: string, fields: Record<string, string>, headers = {}) =>
    asks(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  const ann = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }

  const registered = await post('/register', { ...ann, next: '/tasks?hidden-next' })
  t.equal(registered.status, 303)
  const cookies = registered.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] as string)
  const cookie = cookies.join('; ')
  await asks('/tasks?cursor=hidden-query', { headers: { cookie } })
  await asks('/nowhere?hidden-query', { headers: { cookie } })
  await asks('/accept-invite?code=hidden-code')
  await asks('/verify-email?token=hidden-token')
  await asks('/api/v1/auth/me?key=hidden-key', { headers: { authorization: 'Bearer hidden-bearer' } })
  await asks('/login?next=/hidden-next', { headers: { referer: `${home}/?hidden-referer` } })
  await post('/login', { email: 'hidden-email', password: 'hidden-password' }, { cookie: 'session_id=hidden-cookie' })
  await asks('/api/v1/auth/login', {
    method: 'POST',
    body: '{"password":"hidden-password',
    headers: { 'content-type': 'application/json' }
  })
  /** On a plain socket, which hangs up as soon as anything comes back. */
  const sends = async (text: string) => {
    const socket = connect(Number(new URL(home).port), '127.0.0.1')
    socket.on('error', () => {}).once('data', () => socket.destroy())
    socket.write(text)
    await once(socket, 'close')
  }
  await sends('GET /tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer hidden-bearer\r\nno header\r\n\r\n')
  await sends('GET /tasks?key=hidden-key HTTP/1.1\r\nHost: a\r\nno header\r\n\r\n')
  const begun = `Content-Type: application/json\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n{"password":"hidden-`
  await sends(`POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n${begun}`)
  await asks('/health')
  child.kill('SIGTERM')
  await gone

  const log = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
  t.match(
    log.find(({ req }) => req?.path === '/tasks'),
    { req: { method: 'GET', address: '127.0.0.1' }, reqId: String, status: Number, ms: Number }
  )
  for (const path of ['/register', '/nowhere', '/accept-invite', '/verify-email', '/api/v1/auth/me', '/login']) {
    t.ok(
      log.some(({ req }) => req?.path === path),
      path
    )
  }
  const written = log.map((line) => JSON.stringify(line)).join('\n')
  t.notMatch(written, /hidden-/)
  t.notOk(written.includes('"type":"Buffer"'), 'nor the request itself, byte by byte')
  const alarms = log.filter(({ level }) => level > 40).map(({ msg }) => msg)
  t.same(alarms, [], 'and nobody is alarmed because somebody hung up')
  for (const secret of [password, ...cookies.map((pair) => pair.split('=')[1] as string)]) {
    t.notOk(written.includes(secret))
  }
})
