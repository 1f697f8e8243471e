import { createHmac, createSign, generateKeyPairSync } from 'node:crypto'
import t, { type Test } from 'tap'
import { openDoor } from '../../src/identities/door.ts'
import { startApp } from '../support/carrel.ts'
import {
  addressIn,
  clientId,
  clientSecret,
  type Endpoint,
  goThere,
  json,
  jwk,
  pem,
  startProvider,
  type Twist
} from '../support/identity-provider.ts'

const cleo = { sub: 'c1e0', email: 'cleo@example.com', email_verified: true, given_name: 'Cleo', family_name: 'Arbor' }
const now = Math.floor(Date.now() / 1000)

async function withProvider(t: Test, settings: Record<string, string> = {}) {
  const provider = await startProvider(t)
  return { ...(await startApp(t, { ...provider.settings, ...settings })), provider }
}

type Carrel = Awaited<ReturnType<typeof withProvider>>

/** That nothing has come of it: no session, no account, no link, and words on the sign-in page. */
async function nothing(
  t: Test,
  { app }: Pick<Carrel, 'app'>,
  answer: Awaited<ReturnType<typeof goThere>>,
  status = 422
) {
  t.equal(answer.statusCode, status)
  t.match(answer.body, /<h1>Sign in<\/h1>\s*<div class="refused" role="alert"/)
  t.notMatch(String(answer.headers['set-cookie'] ?? ''), 'session_id=')
  for (const table of ['accounts', 'sessions', 'identities', 'unlinked_identities'] as const)
    t.same(await app.db.selectFrom(table).selectAll().execute(), [], table)
}

const others = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const tokens: Record<string, Twist> = {
  'of another issuer': { claims: { iss: 'https://evil.example' } },
  'of the issuer with a slash more': { claims: { iss: 'http://127.0.0.1/' } },
  'of no issuer': { claims: { iss: undefined } },
  'for another audience': { claims: { aud: 'another' } },
  'for others besides, and meant for one of them': { claims: { aud: [clientId, 'another'], azp: 'another' } },
  'for others besides, and meant for nobody': { claims: { aud: [clientId, 'another'] } },
  'for no audience': { claims: { aud: undefined } },
  'with another nonce': { claims: { nonce: 'A'.repeat(43) } },
  'without a nonce': { claims: { nonce: undefined } },
  'that is over': { claims: { exp: now - 60, iat: now - 600 } },
  'that never ends': { claims: { exp: undefined } },
  'that is not valid yet': { claims: { nbf: now + 3600 } },
  'without a subject': { claims: { sub: undefined } },
  'with an empty subject': { claims: { sub: '' } },
  'with a subject that is no text': { claims: { sub: { $gt: '' } } },
  'with a subject with NUL': { claims: { sub: 'a\0b' } },
  'with an endless subject': { claims: { sub: 'x'.repeat(300) } },
  'signed by nobody': { header: { alg: 'none' }, signature: () => '' },
  'that says it needs no signature, with one': { header: { alg: 'none' } },
  'signed with the public key as a shared one': {
    header: { alg: 'HS256' },
    signature: (input) => createHmac('sha256', pem).update(input).digest('base64url')
  },
  'signed with the shared secret': {
    header: { alg: 'HS256' },
    signature: (input) => createHmac('sha256', clientSecret).update(input).digest('base64url')
  },
  'signed with another key': {
    signature: (input) => createSign('sha256').update(input).sign(others, 'base64url')
  },
  'that brings its own key': {
    header: { kid: undefined, jwk: {}, jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x' },
    signature: (input) => createSign('sha256').update(input).sign(others, 'base64url')
  },
  'whose signature is cut': { signature: () => 'AAAA' },
  'with something critical we do not know': { header: { crit: ['exp'] } }
}

t.test('an ID token that is not exactly for this sign-in lets nobody in', async (t) => {
  const carrel = await withProvider(t)
  for (const [what, twist] of Object.entries(tokens)) {
    await t.test(what, async (t) => nothing(t, carrel, await goThere(carrel.visitor(), carrel.provider, cleo, twist)))
  }
  t.equal((await goThere(carrel.visitor(), carrel.provider, cleo)).statusCode, 303, 'and an honest one does')
})

const answersOfToken: Record<string, object> = {
  'no ID token': { id_token: undefined },
  'an ID token that is none': { id_token: 'x' },
  'an ID token of a list': { id_token: [] },
  'no access token': { access_token: undefined },
  'a token of another kind': { token_type: 'mac' }
}

t.test('an answer with tokens that are none lets nobody in', async (t) => {
  const carrel = await withProvider(t)
  for (const [what, tokens] of Object.entries(answersOfToken)) {
    await t.test(what, async (t) =>
      nothing(t, carrel, await goThere(carrel.visitor(), carrel.provider, cleo, { tokens }))
    )
  }
})

t.test('an answer from another provider than the one that was asked lets nobody in', async (t) => {
  const carrel = await withProvider(t)
  for (const iss of ['https://evil.example', `${carrel.provider.issuer}/`, undefined, '']) {
    const answer = await goThere(carrel.visitor(), carrel.provider, cleo, { back: { iss } })
    await nothing(t, carrel, answer)
  }
  t.notOk(carrel.provider.asked.includes('token'), 'and its code is not even shown')
})

t.test('an answer without the state of this browser lets nobody in, and ends no attempt of others', async (t) => {
  const carrel = await withProvider(t)
  const { provider, visitor } = carrel
  const [browser, other] = [visitor(), visitor()]
  const address = addressIn(await browser.submit('/login/with/oidc'))
  const right = provider.sendsBack(address, cleo)
  await other.submit('/login/with/oidc')
  await nothing(t, carrel, await other.open(right))
  await nothing(t, carrel, await visitor().open(right))
  for (const state of [undefined, '', 'x', 'A'.repeat(43)])
    await nothing(t, carrel, await browser.open(provider.sendsBack(address, cleo, { back: { state } })))
  const state = new URL(address).searchParams.get('state')
  await nothing(t, carrel, await browser.open(`${right}&state=${state}`))
  t.notOk(provider.asked.includes('token'))
  t.equal((await browser.open(right)).statusCode, 303, 'and the right one still works')
})

t.test("one provider's state is nothing to another's way back", async (t) => {
  const carrel = await withProvider(t, { GOOGLE_CLIENT_ID: 'x', GOOGLE_CLIENT_SECRET: 'y' })
  const browser = carrel.visitor()
  const right = carrel.provider.sendsBack(addressIn(await browser.submit('/login/with/oidc')), cleo)
  await nothing(t, carrel, await browser.open(right.replace('/with/oidc/', '/with/google/')))
  t.equal((await browser.open(right)).statusCode, 303)
})

t.test('one comes back once', async (t) => {
  const { app, provider, visitor } = await withProvider(t)
  const browser = visitor()
  const right = provider.sendsBack(addressIn(await browser.submit('/login/with/oidc')), cleo)
  const cookie = browser.cookies.get('sign_in_attempt') as string
  t.equal((await browser.open(right)).statusCode, 303)
  const again = visitor()
  again.cookies.set('sign_in_attempt', cookie)
  t.match(await again.open(right), { statusCode: 422, body: /Start it again/ })
  t.equal(again.cookies.has('session_id'), false)
  t.equal((await app.db.selectFrom('sessions').selectAll().execute()).length, 1)
})

t.test('of two who come back at once with one state, one has a session', async (t) => {
  const { app, provider, visitor } = await withProvider(t)
  const browser = visitor()
  const right = provider.sendsBack(addressIn(await browser.submit('/login/with/oidc')), cleo)
  const answers = await Promise.all([1, 2, 3].map(() => browser.open(right)))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [303, 422, 422])
  t.equal((await app.db.selectFrom('sessions').selectAll().execute()).length, 1)
  t.equal((await app.db.selectFrom('accounts').selectAll().execute()).length, 1)
})

t.test('of two tabs that make the same desk at once, both are in and there is one desk', async (t) => {
  const { app, provider, visitor } = await withProvider(t)
  const browsers = [visitor(), visitor()]
  const answers = await Promise.all(browsers.map((browser) => goThere(browser, provider, cleo)))
  t.same(
    answers.map(({ statusCode }) => statusCode),
    [303, 303]
  )
  const ids = await Promise.all(browsers.map(async (browser) => (await browser.me()).id))
  t.equal(ids[0], ids[1])
  t.equal((await app.db.selectFrom('accounts').selectAll().execute()).length, 1)
})

t.test('a code that was used is worth nothing in another attempt', async (t) => {
  const carrel = await withProvider(t)
  const { provider, visitor } = carrel
  const [browser, thief] = [visitor(), visitor()]
  const address = addressIn(await browser.submit('/login/with/oidc'))
  const stolen = new URLSearchParams(provider.sendsBack(address, cleo).split('?')[1]).get('code') as string
  const theirs = addressIn(await thief.submit('/login/with/oidc'))
  await nothing(t, carrel, await thief.open(provider.sendsBack(theirs, cleo, { back: { code: stolen } })))
})

t.test('ten minutes are enough, and more are too many', async (t) => {
  const carrel = await withProvider(t)
  const { clock, provider, visitor } = carrel
  const browser = visitor()
  const right = provider.sendsBack(addressIn(await browser.submit('/login/with/oidc')), cleo)
  clock.pass(600)
  await nothing(t, carrel, await browser.open(right))
})

t.test('whoever says no there is told that nothing has happened, and may try again', async (t) => {
  const carrel = await withProvider(t)
  const { provider, visitor } = carrel
  const refused = (error: string, more = {}) => ({ back: { code: undefined, error, ...more } })
  const browser = visitor()
  const no = await goThere(browser, provider, cleo, refused('access_denied'), '/tasks')
  await nothing(t, carrel, no)
  t.match(no.body, /not allowed at the Library/)
  t.match(no.body, 'href="/login/with/oidc?next=%2Ftasks"', 'where they were going is kept')

  const hostile = { error_description: '<script>alert(1)</script>', error_uri: 'javascript:alert(1)' }
  const odd = await goThere(visitor(), provider, cleo, refused('<script>', hostile))
  await nothing(t, carrel, odd)
  t.notMatch(odd.body, 'alert(1)')
  await nothing(t, carrel, await goThere(visitor(), provider, cleo, refused('temporarily_unavailable')), 503)
  t.equal((await goThere(browser, provider, cleo)).statusCode, 303)
})

const broken: Record<string, Parameters<typeof json>[1] | string | number> = {
  'says 500': 500,
  'says 404': 404,
  'leads elsewhere': 302,
  'is no JSON': '<html>',
  'is cut': '{"issuer":',
  'is too much': JSON.stringify({ x: 'x'.repeat(300_000) }),
  'is a list': [],
  'is an empty object': {}
}

/** In place of one endpoint, something that is not what it should be. */
function breaks(how: (typeof broken)[string], elsewhere: string) {
  return (response: Parameters<typeof json>[0]) => {
    if (typeof how === 'object') json(response, how)
    else if (typeof how === 'string') response.writeHead(200, { 'content-type': 'application/json' }).end(how)
    else response.writeHead(how, { location: `${elsewhere}/stolen` }).end()
  }
}

for (const endpoint of ['discovery', 'token', 'jwks', 'userinfo'] as Endpoint[]) {
  t.test(`a provider whose ${endpoint} is broken lets nobody in, and does once it is whole`, async (t) => {
    const carrel = await withProvider(t)
    const { provider, visitor } = carrel
    const elsewhere = await startProvider(t)
    const silent = { claims: { email: undefined } }
    for (const [what, how] of Object.entries(broken)) {
      provider.instead[endpoint] = breaks(how, elsewhere.issuer)
      const browser = visitor()
      const answer =
        endpoint === 'discovery'
          ? await browser.submit('/login/with/oidc', { next: '/tasks' })
          : await goThere(browser, provider, cleo, silent)
      t.ok([422, 503].includes(answer.statusCode), `${what}: ${answer.statusCode}`)
      await nothing(t, carrel, answer, answer.statusCode)
    }
    t.same(elsewhere.asked, [], 'nobody is asked whom a provider leads on to')
    delete provider.instead[endpoint]
    t.equal((await goThere(visitor(), provider, cleo, silent)).statusCode, 303)
  })
}

t.test('an answer that is right and has no end is not read to its end', async (t) => {
  const carrel = await withProvider(t)
  const { provider, visitor } = carrel
  const signsIn = (length: number) => goThere(visitor(), provider, cleo, { tokens: { padding: 'x'.repeat(length) } })
  const answer = await signsIn(300_000)
  t.equal(answer.statusCode, 503)
  await nothing(t, carrel, answer, 503)
  t.equal((await signsIn(100_000)).statusCode, 303)
})

t.test('a document of another issuer, or one that leads out in clear, is not believed', async (t) => {
  for (const [name, value] of [
    ['issuer', 'https://evil.example'],
    ['issuer', undefined],
    ['authorization_endpoint', 'javascript:alert(1)'],
    ['authorization_endpoint', undefined],
    ['authorization_endpoint', 'http://evil.example/auth']
  ] as const) {
    const { provider, visitor } = await withProvider(t)
    provider.about[name] = value
    const answer = await visitor().submit('/login/with/oidc')
    t.equal(answer.statusCode, 503, `${name} ${value}`)
    t.notMatch(answer.body, /evil|javascript/)
  }
  for (const name of ['token_endpoint', 'jwks_uri', 'userinfo_endpoint']) {
    const { provider, visitor } = await withProvider(t)
    provider.about[name] = 'http://evil.example/x'
    const answer = await goThere(visitor(), provider, cleo, { claims: { email: undefined } })
    t.equal(answer.statusCode, 503, name)
  }
})

t.test('keys that do not fit are not tried', async (t) => {
  const carrel = await withProvider(t)
  const { provider, visitor } = carrel
  for (const keys of [
    [],
    [{ ...jwk, kid: 'two' }],
    [{ ...jwk, use: 'enc' }],
    [{ ...jwk, n: 'AQAB' }],
    [{ kty: 'oct', k: 'AAAA', kid: 'one' }]
  ]) {
    provider.instead.jwks = (response) => json(response, { keys })
    await nothing(t, carrel, await goThere(visitor(), provider, cleo))
  }
})

t.test('nobody waits longer than Carrel has patience, wherever a provider falls silent', async (t) => {
  const provider = await startProvider(t)
  const settings = { id: 'oidc', name: 'the Library', issuer: `${provider.issuer}/`, clientId, clientSecret } as const
  const secrets = { state: 'A'.repeat(43), verifier: 'B'.repeat(43), nonce: 'C'.repeat(43) }
  const back = 'http://localhost/login/with/oidc/callback'
  const door = () => openDoor(settings, () => new Date(), { discovery: 300, exchange: 300 })
  const silence = () => {}
  const halfAnAnswer = (response: Parameters<typeof json>[0]) => response.writeHead(200).write('{')
  async function goes() {
    const { addressFor, whoCame } = door()
    const address = new URL(
      provider.sendsBack(await addressFor(secrets, back), cleo, { claims: { email: undefined } }),
      back
    )
    return whoCame(address, secrets.state, secrets as never)
  }

  for (const endpoint of ['discovery', 'token', 'jwks', 'userinfo'] as Endpoint[]) {
    for (const answer of [silence, halfAnAnswer]) {
      provider.instead[endpoint] = answer
      await t.rejects(goes(), { code: 'OAUTH_TIMEOUT' }, endpoint)
    }
    delete provider.instead[endpoint]
  }
  t.match(await goes(), { subject: 'c1e0', email: 'cleo@example.com' })
})

t.test('a provider that is not there at all takes nothing else down', async (t) => {
  const { visitor, person } = await startApp(t, {
    OIDC_ISSUER: 'http://127.0.0.1:9',
    OIDC_CLIENT_ID: 'x',
    OIDC_CLIENT_SECRET: 'y'
  })
  t.equal((await visitor().open('/login')).statusCode, 200)
  const answer = await visitor().submit('/login/with/oidc')
  t.match(answer, { statusCode: 503, headers: { 'retry-after': '30' }, body: /does not answer as it should/ })
  t.equal((await (await person('Ann')).open('/workspaces')).statusCode, 200)
})
