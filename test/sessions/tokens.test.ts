import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { hashToken, newId } from '../../src/ids.ts'
import { deriveKey } from '../../src/secret.ts'
import { purgeExpired } from '../../src/sessions/purge.ts'
import { seen } from '../support/browser.ts'
import { type Carrel, password, settingsFor, startApp } from '../support/carrel.ts'

const hour = 3600
const day = 24 * hour
const secret = 'the secret of this test: long enough to be one'
const another = 'the secret of this test once it has been changed'
const ann = { email: 'ann@example.com', password }

type Part = Record<string, unknown>

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
const decoded = (token: string, part: 0 | 1): Part =>
  JSON.parse(Buffer.from(token.split('.')[part] as string, 'base64url').toString())

type Granted = { access_token: string; refresh_token: string; expires_in: number }

/** What a program is given that signs in. */
const granted = async ({ visitor }: Pick<Carrel, 'visitor'>, more: object = {}): Promise<Granted> =>
  (await visitor().api('POST', '/api/v1/auth/login', { ...ann, ...more })).json()

const signsIn = async (carrel: Pick<Carrel, 'visitor'>, email = ann.email) =>
  (await granted(carrel, { email })).access_token

const renews = ({ visitor }: Pick<Carrel, 'visitor'>, refresh_token: unknown) =>
  visitor().api('POST', '/api/v1/auth/refresh', { refresh_token })

const shows = ({ visitor }: Pick<Carrel, 'visitor'>, token: string) =>
  visitor().request('GET', '/api/v1/auth/me', undefined, { authorization: `Bearer ${token}` })

async function refused(t: Test, carrel: Carrel, forgeries: Record<string, string>) {
  for (const [name, token] of Object.entries(forgeries)) {
    const answer = await shows(carrel, token)
    t.match(answer, { statusCode: 401, headers: { 'www-authenticate': /^Bearer/ } }, name)
    t.match(answer.json(), { code: 'SIGN_IN_REQUIRED' }, name)
  }
}

/** Ann's token, and somebody who can make any other, knowing the key or not. */
async function forgery(t: Test) {
  const carrel = await startApp(t, { SECRET_KEY: secret })
  const annHerself = await carrel.person('Ann')
  const bob = await carrel.person('Bob')
  const real = await signsIn(carrel)
  const [header, claims] = [decoded(real, 0), decoded(real, 1)]
  const ours = deriveKey(secret, 'bearer-token')

  function forge(changes: { header?: Part; claims?: Part; key?: Buffer | string; hash?: string } = {}) {
    const text = `${encoded({ ...header, ...changes.header })}.${encoded({ ...claims, ...changes.claims })}`
    const signature = createHmac(changes.hash ?? 'sha256', changes.key ?? ours).update(text)
    return `${text}.${signature.digest('base64url')}`
  }
  t.equal(forge(), real, 'the forger knows the trade')
  return { carrel, annHerself, bob, real, header, claims, forge }
}

t.test('a token says what it is, whose, for what and until when', async (t) => {
  const carrel = await startApp(t)
  const { id } = await (await carrel.person('Ann')).me()
  const token = await signsIn(carrel)
  t.match(decoded(token, 0), { alg: 'HS256', typ: 'at+jwt', kid: /^[\w-]{8}$/ })
  const { iat, exp, sid, ...told } = decoded(token, 1)
  t.same(told, { iss: 'carrel', aud: 'carrel-api', typ: 'access', sub: id, userId: id, email: ann.email })
  const now = Math.floor(carrel.clock.now().getTime() / 1000)
  t.same([iat, exp], [now, now + 7 * 24 * hour])

  const answer = await carrel.visitor().request('GET', '/api/v1/sessions', undefined, {
    authorization: `bearer ${token}`
  })
  const { items } = answer.json()
  t.match(
    items.find(({ current }: { current: boolean }) => current),
    { id: sid }
  )
})

t.test('a token signed otherwise than by us is nobody’s', async (t) => {
  const { carrel, real, header, claims, forge } = await forgery(t)
  const [head, body, signature] = real.split('.') as [string, string, string]
  const none = ['none', 'None', 'NONE', 'nOnE', '', null, undefined]
  const unsigned = none.map((alg) => [`alg ${alg}`, `${encoded({ ...header, alg })}.${body}.`])
  const signedAnyway = none.map((alg) => [`alg ${alg}, signed`, forge({ header: { alg } })])
  const others = ['HS384', 'HS512', 'RS256', 'ES256', 'EdDSA', 'PS256', 'hs256'].map((alg) => [
    `alg ${alg}`,
    forge({ header: { alg }, hash: `sha${/\d{3}/.exec(alg)?.[0] ?? '512'}` })
  ])
  const keys = {
    'no key': '',
    'another key': 'some other key of another house',
    'the secret itself': secret,
    'the key of another purpose': deriveKey(secret, 'bearer-token-name'),
    'the name of the key': String(header.kid),
    'the claims': JSON.stringify(claims)
  }
  await refused(t, carrel, {
    ...Object.fromEntries([...unsigned, ...signedAnyway, ...others]),
    ...Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, forge({ key })])),
    'RS256 with the secret as its key': forge({ header: { alg: 'RS256' }, key: secret }),
    'a stripped signature': `${head}.${body}.`,
    'no signature at all': `${head}.${body}`,
    'half a signature': `${head}.${body}.${signature.slice(0, 22)}`,
    'a signature of zeros': `${head}.${body}.${'A'.repeat(43)}`,
    'a signature with padding': `${real}=`,
    'a signature of something else': `${head}.${encoded({ ...claims, sub: 'x' })}.${signature}`,
    'a token cut short': real.slice(0, -1),
    'a token with more behind it': `${real}A`,
    'a token twice': `${real}.${real}`,
    'a token in a list': `${real},${real}`,
    'a token and a space': `${head}. ${body}.${signature}`,
    'only dots': '..',
    nothing: '',
    garbage: '\u00e9.\u00e9.\u00e9',
    'claims that are no object': `${head}.${encoded([])}.${signature}`,
    'an enormous signature': `${head}.${body}.${'A'.repeat(1_000_000)}`,
    'enormous claims': forge({ claims: { more: 'x'.repeat(1_000_000) }, key: 'abc' }),
    'an enormous header': forge({ header: { more: 'x'.repeat(1_000_000) }, key: 'abc' }),
    'a million dots': '.'.repeat(1_000_000)
  })
})

t.test('nothing that a header brings along is obeyed', async (t) => {
  const { carrel, header, forge } = await forgery(t)
  const theirs = 'a key that somebody brought along'
  const brought: Record<string, Part> = {
    'a key of its own': { jwk: { kty: 'oct', k: Buffer.from(theirs).toString('base64url') } },
    'the address of keys': { jku: 'https://evil.example/keys.json' },
    'the address of a certificate': { x5u: 'https://evil.example/key.pem' },
    'a certificate': { x5c: [Buffer.from(theirs).toString('base64')] },
    'something critical': { crit: ['exp'] },
    'an empty list of critical things': { crit: [] },
    'a file for a key': { kid: '../../../../dev/null' },
    'a query for a key': { kid: "x' union select 'abc' --" },
    'a prototype for a key': { kid: '__proto__' },
    'the first of the keys': { kid: '0' },
    'a list of keys': { kid: [header.kid] },
    'a key for keys': { kid: { toString: header.kid } },
    'no name of a key': { kid: undefined },
    'an empty name of a key': { kid: '' },
    'another kind of token': { typ: 'JWT' },
    'a refresh token by its type': { typ: 'rt+jwt' },
    'no kind of token': { typ: undefined }
  }
  for (const [name, part] of Object.entries(brought)) {
    const tokens = [theirs, '', secret].map((key) => forge({ header: part, key }))
    await refused(t, carrel, Object.fromEntries(tokens.map((token, at) => [`${name}, ${at}`, token])))
    await refused(t, carrel, { [`${name}, with our own key`]: forge({ header: part }) })
  }
})

t.test('a token of ours for something else, of another time or of another’s session opens nothing', async (t) => {
  const { carrel, annHerself, bob, claims, forge } = await forgery(t)
  const now = Math.floor(carrel.clock.now().getTime() / 1000)
  const bobs = (await bob.open('/api/v1/sessions')).json().items[0].id
  const mine = (await annHerself.open('/api/v1/sessions')).json().items[1].id
  t.equal((await shows(carrel, forge({ claims: { sid: mine } }))).statusCode, 200, 'one claim alone may be changed')
  const changes: Record<string, Part> = {
    'another audience': { aud: 'somewhere-else' },
    'no audience': { aud: undefined },
    'an audience that is null': { aud: null },
    'an audience among others': { aud: ['carrel-api', 'somewhere-else'] },
    'an empty list of audiences': { aud: [] },
    'another issuer': { iss: 'somebody-else' },
    'no issuer': { iss: undefined },
    'two issuers': { iss: ['carrel', 'somebody-else'] },
    'another purpose': { typ: 'refresh' },
    'no purpose': { typ: undefined },
    expired: { exp: now - 1 },
    'without an end': { exp: undefined },
    'an end that is null': { exp: null },
    'an end in words': { exp: 'never' },
    'not yet to be used': { nbf: now + 60 },
    'a beginning in words': { nbf: 'always' },
    'made in the future': { iat: now + 60 },
    'made at no time': { iat: undefined },
    'the session of somebody else': { sid: bobs },
    'somebody else in this session': { sub: (await bob.me()).id },
    'a session that never was': { sid: newId() },
    'a session that is no text': { sid: { id: claims.sid } },
    'no session': { sid: undefined },
    nobody: { sub: undefined },
    'a person that is no text': { sub: [claims.sub] }
  }
  const forged = Object.entries(changes).map(([name, part]) => [name, forge({ claims: part })])
  await refused(t, carrel, Object.fromEntries(forged))
})

t.test('the clock a token is judged by is that of its session, give or take a few seconds', async (t) => {
  const { carrel, real, claims, forge } = await forgery(t)
  const now = Number(claims.iat)
  t.equal((await shows(carrel, forge({ claims: { iat: now + 4, nbf: now - 4 } }))).statusCode, 200)
  const later = forge({ claims: { nbf: now + hour } })
  t.equal((await shows(carrel, later)).statusCode, 401)
  carrel.clock.pass(hour + 1)
  t.equal((await shows(carrel, later)).statusCode, 200)
  t.equal((await shows(carrel, forge({ claims: { exp: now + hour } }))).statusCode, 401)
  carrel.clock.pass(-hour - 20)
  t.equal((await shows(carrel, real)).statusCode, 401, 'a clock that was put back makes it one of the future')
})

t.test('whatever letter of a token is changed, it opens nothing', async (t) => {
  const { carrel, real } = await forgery(t)
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
  const changed = (at: number, letter: string) => real.slice(0, at) + letter + real.slice(at + 1)
  const opens = async (token: string) => (await shows(carrel, token)).statusCode === 200
  t.ok(await opens(real))

  for (const part of [0, 1, 2]) {
    const end = real.split('.', part + 1).join('.').length - 1
    for (const letter of letters.filter((letter) => letter !== real[end])) {
      if (await opens(changed(end, letter))) t.fail(`the last letter of part ${part} may be ${letter}`)
    }
  }
  const letter = fc.oneof(
    fc.constantFrom(...letters, '.', '=', '+', '/', ' ', '~'),
    fc.string({ minLength: 1, maxLength: 1 })
  )
  await fc.assert(
    fc.asyncProperty(fc.nat(real.length - 1), letter, async (at, letter) => {
      fc.pre(real[at] !== letter)
      if (await opens(changed(at, letter))) throw new Error(`letter ${at} may be ${JSON.stringify(letter)}`)
    }),
    { numRuns: 400 }
  )
})

t.test('of two credentials none is picked that is not shown alone', async (t) => {
  const carrel = await startApp(t)
  const [annHerself, bob] = [await carrel.person('Ann'), await carrel.person('Bob')]
  const [anns, bobs] = [await signsIn(carrel), await signsIn(carrel, 'bob@example.com')]
  const me = (authorization: string) => annHerself.request('GET', '/api/v1/auth/me', undefined, { authorization })

  t.equal((await me(`Bearer ${bobs}`)).json().email, 'bob@example.com', 'a token goes before a cookie')
  t.equal((await me(`Bearer ${bobs}x`)).statusCode, 401, 'and a cookie rescues none')
  await bob.submit('/settings/sessions/end-others')
  t.equal((await me(`Bearer ${bobs}`)).statusCode, 401)
  t.equal((await annHerself.open('/api/v1/auth/me')).statusCode, 200)

  await carrel.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = carrel.app.server.address() as { port: number }
  const onSocket = (headers: string[]) =>
    new Promise<string>((resolve) => {
      let answer = ''
      const socket = connect(port, '127.0.0.1').setEncoding('utf8')
      socket.on('data', (text) => (answer += text)).once('close', () => resolve(answer))
      const lines = ['GET /api/v1/auth/me HTTP/1.1', 'Host: a', 'Connection: close', ...headers]
      socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    })
  const [right, wrong] = [`Authorization: Bearer ${anns}`, 'authorization: Bearer x.y.z']
  t.match(await onSocket([right]), /^HTTP\/1\.1 200 /)
  for (const pair of [
    [right, wrong],
    [wrong, right],
    [right, right],
    [right, 'AUTHORIZATION: Basic YW5uOnB3']
  ]) {
    t.match(await onSocket(pair), /^HTTP\/1\.1 401 /, pair.map((line) => line.slice(0, 22)).join())
  }
})

t.test('a token dies with its session and its account, whoever ends them and by whatever door', async (t) => {
  const carrel = await startApp(t)
  const browser = await carrel.person('Ann')
  const bob = await carrel.person('Bob')
  const authorization = (token: string) => ({ authorization: `Bearer ${token}` })
  const alive = async (token: string) => (await shows(carrel, token)).statusCode === 200

  const ended = {
    'its own sign-out': async (token: string) =>
      carrel.visitor().request('POST', '/api/v1/auth/logout', undefined, authorization(token)),
    'the page of sessions': async (token: string) => browser.submit(`/settings/sessions/${decoded(token, 1).sid}/end`),
    'the sessions of the API': async (token: string) =>
      browser.api('DELETE', `/api/v1/sessions/${decoded(token, 1).sid}`),
    'the end of all others': async () => browser.submit('/settings/sessions/end-others')
  }
  for (const [name, end] of Object.entries(ended)) {
    const { access_token, refresh_token } = await granted(carrel)
    t.ok(await alive(access_token), name)
    await end(access_token)
    t.notOk(await alive(access_token), name)
    t.equal((await renews(carrel, refresh_token)).statusCode, 401, name)
  }

  const { access_token: kept, refresh_token } = await granted(carrel)
  t.equal((await bob.api('DELETE', `/api/v1/sessions/${decoded(kept, 1).sid}`)).statusCode, 404)
  t.ok(await alive(kept), 'nobody else ends it')
  const cookies = (await browser.open('/api/v1/sessions')).json().items
  const hers = cookies.find(({ current }: { current: boolean }) => current).id
  await carrel.visitor().request('DELETE', `/api/v1/sessions/${hers}`, undefined, authorization(kept))
  t.equal((await browser.open('/api/v1/auth/me')).statusCode, 401, 'a program ends a browser, too')

  const disabled_at = carrel.clock.now().toISOString()
  await carrel.app.db.updateTable('accounts').set({ disabled_at }).where('email', '=', ann.email).execute()
  t.notOk(await alive(kept))
  t.equal((await renews(carrel, refresh_token)).statusCode, 401)
  t.equal((await bob.open('/api/v1/auth/me')).statusCode, 200)
})

t.test('the token of a sign-up dies with the browser session it came with, and the other way round', async (t) => {
  const { visitor } = await startApp(t)
  for (const [name, out] of [
    ['Ann', '/logout'],
    ['Bob', '/api/v1/auth/logout']
  ] as const) {
    const browser = visitor()
    const person = { firstName: name, lastName: 'Arbor', email: `${name}@example.com`, password }
    const { token } = (await browser.api('POST', '/api/auth/signup', person)).json()
    t.equal((await shows({ visitor }, token)).statusCode, 200)
    if (out === '/logout') await browser.submit(out)
    else await visitor().request('POST', out, undefined, { authorization: `Bearer ${token}` })
    t.equal((await shows({ visitor }, token)).statusCode, 401, out)
    t.equal((await browser.open('/tasks')).statusCode, 303, out)
  }
})

/** Carrel started with these keys, again and again on one database; each start ends the one before. */
const inTurn = {
  'in the setting': (keys: string[]) => ({ SECRET_KEY: keys.join(', ') }),
  'in its file': (keys: string[], dataDir: string) => {
    writeFileSync(join(dataDir, 'secret'), `${keys.join('\n')}\n`)
    return {}
  }
}

for (const [where, give] of Object.entries(inTurn)) {
  t.test(`a new secret ${where} signs nobody out as long as the one before stands behind it`, async (t) => {
    const settings = await settingsFor(t)
    const start = (...keys: string[]) => startApp(t, { ...settings, ...give(keys, settings.DATA_DIR as string) })
    const first = await start(secret)
    await first.person('Ann')
    const { access_token: before, refresh_token } = await granted(first)
    await first.app.close()

    const changing = await start(another, secret)
    t.equal((await shows(changing, before)).statusCode, 200)
    const after = await signsIn(changing)
    t.not(decoded(after, 0).kid, decoded(before, 0).kid)
    const text = before.split('.', 2).join('.')
    const crossed = createHmac('sha256', deriveKey(another, 'bearer-token')).update(text).digest('base64url')
    t.equal((await shows(changing, `${text}.${crossed}`)).statusCode, 401, 'a key signs in its own name only')
    await changing.app.close()

    const changed = await start(another)
    t.equal((await shows(changed, after)).statusCode, 200)
    t.equal((await shows(changed, before)).statusCode, 401)
    const anew = (await renews(changed, refresh_token)).json()
    t.equal((await shows(changed, anew.access_token)).statusCode, 200, 'and a program may still renew its session')
  })
}

t.test('a program renews its session with a refresh token, and is told the truth about how long it has', async (t) => {
  const carrel = await startApp(t)
  const browser = await carrel.person('Ann')
  const first = await granted(carrel)
  t.match(first.refresh_token, /^crr_[\w-]{43}$/)
  carrel.clock.pass(day)

  const answer = await renews(carrel, first.refresh_token)
  t.match(answer, { statusCode: 200, headers: { 'cache-control': 'no-store' } })
  const second = answer.json()
  t.match(second, { access_token: String, token_type: 'bearer', expires_in: 604800, refresh_token: /^crr_[\w-]{43}$/ })
  t.not(second.refresh_token, first.refresh_token)
  for (const { access_token } of [first, second]) t.equal((await shows(carrel, access_token)).statusCode, 200)
  t.equal(decoded(second.access_token, 1).sid, decoded(first.access_token, 1).sid)
  t.equal((await browser.open('/api/v1/sessions')).json().items.length, 2, 'it is the same session')

  carrel.clock.pass(6 * day + 1)
  t.equal((await shows(carrel, first.access_token)).statusCode, 401, 'the first token has the life it was given')
  t.equal((await shows(carrel, second.access_token)).statusCode, 200)
  carrel.clock.pass(day)
  t.equal((await shows(carrel, second.access_token)).statusCode, 401)
  t.equal((await renews(carrel, second.refresh_token)).statusCode, 401, 'a session that nobody renewed in time is over')
})

t.test('thirty days after it began a session is over, however often it was renewed', async (t) => {
  const carrel = await startApp(t)
  await carrel.person('Ann')
  let now = await granted(carrel)
  const began = carrel.clock.now().getTime()
  for (const [days, left] of [
    [6, 7],
    [12, 7],
    [18, 7],
    [23, 7],
    [24, 6],
    [29, 1]
  ] as const) {
    carrel.clock.pass((began + days * day * 1000 - carrel.clock.now().getTime()) / 1000)
    now = (await renews(carrel, now.refresh_token)).json()
    t.equal(now.expires_in, left * day, `on day ${days}`)
    t.equal(Number(decoded(now.access_token, 1).exp), Math.floor(carrel.clock.now().getTime() / 1000) + left * day)
  }
  carrel.clock.pass(day - 1)
  t.equal((await shows(carrel, now.access_token)).statusCode, 200)
  const last = (await renews(carrel, now.refresh_token)).json()
  t.equal(last.expires_in, 1)
  carrel.clock.pass(1)
  t.equal((await shows(carrel, last.access_token)).statusCode, 401)
  t.equal((await renews(carrel, last.refresh_token)).statusCode, 401)
})

t.test('only a program that is to be remembered gets a refresh token', async (t) => {
  const { app, visitor, person } = await startApp(t)
  await person('Ann')
  const brief = await visitor().api('POST', '/api/v1/auth/login', { ...ann, remember: false })
  t.equal(brief.statusCode, 200)
  t.notMatch(brief.body, 'refresh')
  const bob = { firstName: 'Bob', lastName: 'Arbor', email: 'bob@example.com', password }
  t.notMatch((await visitor().api('POST', '/api/auth/signup', bob)).body, 'refresh')
  t.notMatch((await visitor().api('POST', '/login', { ...ann, remember: 'on' })).body, 'refresh')
  t.same(await app.db.selectFrom('refresh_tokens').selectAll().execute(), [])
})

t.test('a refresh token that is shown again ends its session, and no other', async (t) => {
  const carrel = await startApp(t)
  const browser = await carrel.person('Ann')
  const [other, first] = [await granted(carrel), await granted(carrel)]
  const second = (await renews(carrel, first.refresh_token)).json()
  const third = (await renews(carrel, second.refresh_token)).json()

  const unknown = seen(await renews(carrel, `crr_${'A'.repeat(43)}`))
  t.match(JSON.parse(unknown.body), { statusCode: 401, code: 'SIGN_IN_REQUIRED' })
  t.equal((await shows(carrel, third.access_token)).statusCode, 200)
  t.same(seen(await renews(carrel, first.refresh_token)), unknown, 'it is told like any that is unknown')
  for (const { access_token, refresh_token } of [first, second, third]) {
    t.equal((await shows(carrel, access_token)).statusCode, 401)
    t.same(seen(await renews(carrel, refresh_token)), unknown)
  }
  t.equal((await shows(carrel, other.access_token)).statusCode, 200)
  t.equal((await renews(carrel, other.refresh_token)).statusCode, 200)
  t.equal((await browser.open('/api/v1/auth/me')).statusCode, 200)
})

t.test('of many who show a refresh token at once at most one gets another, and then it is worth nothing', async (t) => {
  const carrel = await startApp(t)
  await carrel.person('Ann')
  for (let round = 0; round < 3; round += 1) {
    const { access_token, refresh_token } = await granted(carrel)
    const answers = await Promise.all(Array.from({ length: 10 }, () => renews(carrel, refresh_token)))
    const lucky = answers.filter(({ statusCode }) => statusCode === 200)
    t.ok(lucky.length <= 1)
    t.equal(answers.filter(({ statusCode }) => statusCode === 401).length, 10 - lucky.length)
    for (const given of [{ access_token, refresh_token }, ...lucky.map((answer) => answer.json())]) {
      t.equal((await shows(carrel, given.access_token)).statusCode, 401)
      t.equal((await renews(carrel, given.refresh_token)).statusCode, 401)
    }
  }
  t.same(await carrel.app.db.selectFrom('refresh_tokens').selectAll().execute(), [])
})

t.test('of two who show a refresh token at once exactly one gets another, and neither can go on with it', async (t) => {
  const carrel = await startApp(t)
  await carrel.person('Ann')
  for (let round = 0; round < 10; round += 1) {
    const { access_token, refresh_token } = await granted(carrel)
    const answers = await Promise.all([renews(carrel, refresh_token), renews(carrel, refresh_token)])
    t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 401])
    const won = answers.find(({ statusCode }) => statusCode === 200)?.json()
    for (const given of [{ access_token, refresh_token }, won]) {
      t.equal((await renews(carrel, given.refresh_token)).statusCode, 401)
      t.equal((await shows(carrel, given.access_token)).statusCode, 401)
    }
  }
})

t.test(
  'in whatever order refresh tokens are shown, the newest of a session works until an old one was seen',
  async (t) => {
    const carrel = await startApp(t)
    await carrel.person('Ann')
    const shown = fc.record({ session: fc.nat(1), back: fc.constantFrom(0, 0, 0, 0, 1, 2) })
    await fc.assert(
      fc.asyncProperty(fc.array(shown, { maxLength: 10 }), async (showings) => {
        const sessions = [await granted(carrel), await granted(carrel)].map((first) => ({ alive: true, all: [first] }))
        for (const { session, back } of showings) {
          const { alive, all } = sessions[session] as (typeof sessions)[number]
          const given = all.at(-1 - back) ?? (all[0] as Granted)
          const right = alive && given === all.at(-1)
          const answer = await renews(carrel, given.refresh_token)
          if (answer.statusCode !== (right ? 200 : 401)) throw new Error(`${answer.statusCode}, and it is ${right}`)
          if (right) all.push(answer.json())
          else (sessions[session] as (typeof sessions)[number]).alive = false
        }
        for (const { alive, all } of sessions) {
          const { statusCode } = await shows(carrel, (all.at(-1) as Granted).access_token)
          if (statusCode !== (alive ? 200 : 401)) throw new Error(`${statusCode}, and it lives: ${alive}`)
        }
      }),
      { numRuns: 30 }
    )
  }
)

t.test('what is no refresh token renews nothing, and a refresh token is nothing else', async (t) => {
  const carrel = await startApp(t)
  const browser = await carrel.person('Ann')
  const { access_token, refresh_token } = await granted(carrel)
  const { sid, sub } = decoded(access_token, 1)
  const cookie = browser.cookies.get('session_id') as string
  const none = [access_token, cookie, `crr_${cookie}`, hashToken(refresh_token), sid, sub]
  const nearly = [refresh_token.slice(4), refresh_token.slice(0, -1), `${refresh_token} `, refresh_token.toUpperCase()]
  for (const token of [...none, ...nearly, '', 'crr_', '%', '\0', '\ud800', "' or 1=1 --", 'x'.repeat(200_000)]) {
    t.match(
      (await renews(carrel, token)).json(),
      { statusCode: 401, code: 'SIGN_IN_REQUIRED' },
      String(token).slice(0, 20)
    )
  }
  for (const token of [undefined, null, [refresh_token], { token: refresh_token }]) {
    t.match((await renews(carrel, token)).json(), { statusCode: 400, fields: { refresh_token: String } })
  }
  t.equal((await shows(carrel, refresh_token)).statusCode, 401)
  const thief = carrel.visitor()
  for (const value of [refresh_token, refresh_token.slice(4)]) {
    thief.cookies.set('session_id', value)
    t.equal((await thief.open('/api/v1/auth/me')).statusCode, 401)
  }
  t.equal((await renews(carrel, refresh_token)).statusCode, 200, 'and none of it used it up')
})

t.test('refresh tokens go with their time, and with their session', async (t) => {
  const carrel = await startApp(t)
  await carrel.person('Ann')
  const left = async () => (await carrel.app.db.selectFrom('refresh_tokens').selectAll().execute()).length
  const first = await granted(carrel)
  carrel.clock.pass(5 * day)
  const now = (await renews(carrel, first.refresh_token)).json()
  t.equal(await left(), 2)
  carrel.clock.pass(2 * day)
  t.equal((await renews(carrel, first.refresh_token)).statusCode, 401)
  t.equal((await shows(carrel, now.access_token)).statusCode, 200, 'one that is over is unknown, tidied away or not')
  await purgeExpired(carrel.app.db, carrel.clock.now())
  t.equal(await left(), 1)
  t.equal((await renews(carrel, now.refresh_token)).statusCode, 200)
  carrel.clock.pass(7 * day)
  await purgeExpired(carrel.app.db, carrel.clock.now())
  t.equal(await left(), 0)
})

t.test('a person sees which of their sessions are of programs, and when an unused one ends', async (t) => {
  const carrel = await startApp(t)
  const browser = await carrel.person('Ann')
  await granted(carrel)
  const brief = await granted(carrel, { remember: false })
  const in2hours = new Date(carrel.clock.now().getTime() + 2 * hour * 1000).toISOString()
  const { items } = (await browser.open('/api/v1/sessions')).json()
  t.match(items, [
    { kind: 'program', idle_until: in2hours },
    { kind: 'program', idle_until: null },
    { kind: 'browser', idle_until: null, current: true }
  ])
  t.same((await browser.open(`/api/v1/sessions/${items[0].id}`)).json(), items[0])
  t.equal((await browser.open('/settings/sessions')).body.match(/<span class="tag">Program</g)?.length, 2)

  carrel.clock.pass(hour)
  t.equal((await shows(carrel, brief.access_token)).statusCode, 200)
  const later = (await browser.open(`/api/v1/sessions/${items[0].id}`)).json().idle_until
  t.equal(Date.parse(later) - Date.parse(in2hours), hour * 1000, 'with every use it ends later')
})
