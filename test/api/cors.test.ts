import fc from 'fast-check'
import t, { type Test } from 'tap'
import { password, startApp } from '../support/carrel.ts'

const friend = 'https://app.example.com'
const listing = { CORS_ORIGINS: `${friend}, http://localhost:5173`, PUBLIC_URL: 'https://carrel.example.com' }
const nowhere = '01900000-0000-7000-8000-000000000000'
const from = (origin: string, site = 'cross-site') => ({ origin, 'sec-fetch-site': site, 'sec-fetch-mode': 'cors' })
const opening = (answer: { headers: object }) =>
  Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))

/** Ann, a page of the friend that has her token, and one that has nothing. */
async function annAndFriend(t: Test) {
  const carrel = await startApp(t, listing)
  const ann = await carrel.person('Ann')
  const login = { email: 'ann@example.com', password }
  const token = (await carrel.visitor().api('POST', '/api/v1/auth/login', login)).json().access_token
  return { ...carrel, ann, login, bearer: { authorization: `Bearer ${token}` } }
}

t.test('a listed origin may read the API, and is told so; nobody else is', async (t) => {
  const { visitor, bearer } = await annAndFriend(t)
  for (const origin of [friend, 'http://localhost:5173']) {
    const answer = await visitor().request('GET', '/api/v1/auth/me', undefined, { ...bearer, ...from(origin) })
    t.match(answer, { statusCode: 200, headers: { 'access-control-allow-origin': origin, vary: 'origin' } })
    t.match(answer.headers['access-control-expose-headers'], /ETag.*Location.*RateLimit-Remaining.*Retry-After/)
    t.notOk(answer.headers['access-control-allow-credentials'])
  }
  const refused = await visitor().request('GET', '/api/v1/auth/me', undefined, from(friend))
  t.match(refused, { statusCode: 401, headers: { 'access-control-allow-origin': friend } }, 'it may read why not')
  for (const headers of [from('https://elsewhere.example.com'), {}]) {
    const answer = await visitor().request('GET', '/api/v1/auth/me', undefined, { ...bearer, ...headers })
    t.match(answer, { statusCode: 200, headers: { vary: 'origin' } })
    t.same(opening(answer), [])
  }
})

t.test('without the setting nothing is said of origins', async (t) => {
  const { visitor } = await startApp(t)
  const answer = await visitor().request('GET', '/api/v1/auth/me', undefined, from(friend))
  t.notOk(answer.headers.vary)
  t.same(opening(answer), [])
  const asked = { ...from(friend), 'access-control-request-method': 'GET' }
  t.match(await visitor().request('OPTIONS', '/api/v1/auth/me', undefined, asked), { statusCode: 405 })
})

t.test('a browser that asks beforehand hears what the path takes, whoever it is', async (t) => {
  const { visitor, app } = await annAndFriend(t)
  const asks = (url: string, origin: string) =>
    visitor().request('OPTIONS', url, undefined, { ...from(origin), 'access-control-request-method': 'PATCH' })
  const urls = [...new Set(app.routeTable.map(({ url }) => url).filter((url) => url.startsWith('/api/')))]
  for (const url of urls) {
    const path = url.replaceAll(/:\w+/g, nowhere)
    const answer = await asks(path, friend)
    t.match(answer, { statusCode: 204, body: '', headers: { 'access-control-allow-origin': friend, vary: 'origin' } })
    t.equal(answer.headers['access-control-allow-methods'], app.methodsAt(path).join(', '), url)
    for (const name of ['Authorization', 'Content-Type', 'X-API-Key', 'Idempotency-Key', 'If-None-Match']) {
      t.match(answer.headers['access-control-allow-headers'], name)
    }
    t.match(answer.headers['access-control-max-age'], /^\d+$/)

    const foreign = await asks(path, 'https://elsewhere.example.com')
    t.match(foreign, { statusCode: 405, headers: { allow: app.methodsAt(path).join(', ') } }, url)
    t.same(opening(foreign), [], url)
  }
  t.match(await asks('/api/v1/nothing', friend), { statusCode: 204 }, 'a page may read that there is nothing')
  t.match(await asks('/api/v1/nothing', 'https://elsewhere.example.com'), { statusCode: 404 })
  const plain = await visitor().request('OPTIONS', '/api/v1/tasks', undefined, from(friend))
  t.equal(plain.statusCode, 405, 'OPTIONS that asks for nothing is answered as ever')
})

t.test('a cookie never counts for another origin, and none is set', async (t) => {
  const { ann, login, visitor, bearer } = await annAndFriend(t)
  const cookie = ann.headers.cookie as string
  for (const site of ['cross-site', 'same-site']) {
    const headers = { ...from(friend, site), cookie }
    t.equal((await visitor().request('GET', '/api/v1/auth/me', undefined, headers)).statusCode, 401)
    t.equal((await visitor().request('POST', '/api/v1/workspaces', { name: 'Planted' }, headers)).statusCode, 401)
    const both = await visitor().request('GET', '/api/v1/username', undefined, { ...headers, ...bearer })
    t.match(both, { statusCode: 200, body: /ann/ }, 'the token beside it does')
    const entering = await visitor().request('POST', '/api/v1/auth/login', login, headers)
    t.match(entering.json(), { token_type: 'bearer' })
    t.notOk(entering.headers['set-cookie'])
  }
  const bob = { firstName: 'Bob', lastName: 'Birch', email: 'bob@example.com', password }
  const joined = await visitor().request('POST', '/api/auth/signup', bob, from(friend))
  t.match(joined, { statusCode: 200, headers: { 'set-cookie': undefined, 'access-control-allow-origin': friend } })
  const items = (await ann.open('/api/v1/workspaces')).json().items
  t.notOk(items.some(({ name }: { name: string }) => name === 'Planted'))
})

t.test('a foreign origin can neither sign in nor change anything, with or without a cookie', async (t) => {
  const { ann, login, visitor } = await annAndFriend(t)
  const foreign = from('https://elsewhere.example.com')
  for (const headers of [foreign, { ...foreign, cookie: ann.headers.cookie as string }]) {
    t.equal((await visitor().request('POST', '/api/v1/auth/login', login, headers)).statusCode, 403)
    t.equal((await visitor().request('POST', '/api/v1/workspaces', { name: 'Planted' }, headers)).statusCode, 403)
  }
})

t.test('our own pages keep their cookies even where our own origin is listed', async (t) => {
  const { person } = await startApp(t, { CORS_ORIGINS: 'https://carrel.example.com', PUBLIC_URL: listing.PUBLIC_URL })
  const ann = await person('Ann')
  const own = { origin: 'https://carrel.example.com', 'sec-fetch-site': 'same-origin' }
  t.equal((await ann.request('POST', '/api/v1/workspaces', { name: 'Flat' }, own)).statusCode, 201)
})

t.test('pages are read by nobody else, and a form of a listed origin is refused like any other', async (t) => {
  const { ann, login, visitor, app } = await annAndFriend(t)
  for (const path of ['/', '/login', '/workspaces', '/api', '/health', '/nowhere', `${app.assets}/carrel.css`]) {
    const answer = await ann.request('GET', path, undefined, from(friend))
    t.same(opening(answer), [], path)
    const asked = { ...from(friend), 'access-control-request-method': 'POST' }
    t.not((await ann.request('OPTIONS', path, undefined, asked)).statusCode, 204, path)
  }
  t.equal((await visitor().request('POST', '/login', login, from(friend))).statusCode, 403)
})

t.test('an origin is listed letter by letter or not at all', async (t) => {
  const { visitor } = await annAndFriend(t)
  const opened = async (origin: string) =>
    opening(await visitor().request('GET', '/api/v1/nothing', undefined, from(origin))).length > 0
  const near = [
    'null',
    '*',
    '',
    'http://app.example.com',
    'https://app.example.com.',
    'https://app.example.com:443',
    'https://app.example.com:8443',
    'https://app.example.com/',
    'https://app.example.com.evil.test',
    'https://app.example.com@evil.test',
    'https://evil.test#https://app.example.com',
    'https://evil-app.example.com',
    'https://sub.app.example.com',
    'https://example.com',
    'HTTPS://APP.EXAMPLE.COM',
    'https://App.example.com',
    `${friend}, https://evil.test`,
    `${friend} https://evil.test`,
    'http://localhost',
    'http://localhost:51733',
    'http://127.0.0.1:5173',
    'https://localhost:5173'
  ]
  for (const origin of near) t.notOk(await opened(origin), origin)
  t.ok(await opened(friend))
  const around = fc.string({ unit: fc.constantFrom(...'.:/@#?-evilAPP 0\\') })
  const changed = fc
    .tuple(fc.nat(friend.length), fc.nat(3), around)
    .map(([at, gone, text]) => friend.slice(0, at) + text + friend.slice(at + gone))
    .filter((origin) => origin.trim() !== friend)
  await fc.assert(
    fc.asyncProperty(fc.oneof(changed, fc.webUrl()), async (origin) => !(await opened(origin))),
    { numRuns: 300 }
  )
})
