import t from 'tap'
import { passwordHashing } from '../../src/accounts/hashing.ts'
import { Busy } from '../../src/errors.ts'
import { hashToken, newId } from '../../src/ids.ts'
import { purgeExpired } from '../../src/sessions/purge.ts'
import { type Browser, seen } from '../support/browser.ts'
import { type Carrel, password, startApp } from '../support/carrel.ts'

const ann = 'ann@example.com'
const wrong = 'a guess at her password'
const hour = 3600

/** A Carrel behind a proxy, so that people come from addresses of their own. */
const behindProxy = { TRUST_PROXY: '127.0.0.1' }
const here = '203.0.113.7'

function tries(browser: Browser, email: string, password: string, from = here) {
  return browser.request('POST', '/api/v1/auth/login', { email, password }, { 'x-forwarded-for': from })
}

/** Wrong guesses, one after the other, each from a browser nobody knows. */
async function fails({ visitor }: Carrel, times: number, email = ann, from = here) {
  const answers = []
  for (let time = 0; time < times; time += 1) answers.push(await tries(visitor(), email, wrong, from))
  return answers
}

const statuses = (answers: { statusCode: number }[]) => answers.map(({ statusCode }) => statusCode)

async function carrelWithAnn(t: Parameters<typeof startApp>[0]) {
  const carrel = await startApp(t, behindProxy)
  const browser = await carrel.person('Ann')
  return { ...carrel, browser }
}

t.test('five failures are free, and the right password works right after them', async (t) => {
  const carrel = await carrelWithAnn(t)
  t.same(statuses(await fails(carrel, 5)), [401, 401, 401, 401, 401])
  t.equal((await tries(carrel.visitor(), ann, password)).statusCode, 200)
})

t.test('every further failure costs twice the wait of the one before, up to a quarter of an hour', async (t) => {
  const carrel = await carrelWithAnn(t)
  await fails(carrel, 5)

  for (const wait of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]) {
    const [answer] = await fails(carrel, 1)
    t.match(answer, { statusCode: 429, headers: { 'retry-after': String(wait) } })
    carrel.clock.pass(wait - 1)
    const [early] = await fails(carrel, 1)
    t.match(early, { statusCode: 429, headers: { 'retry-after': '1' } })
    carrel.clock.pass(1)
  }
  t.equal((await tries(carrel.visitor(), ann, password)).statusCode, 200)
})

t.test('the form says how long to wait and keeps what was typed', async (t) => {
  const { person, visitor } = await startApp(t)
  await person('Ann')
  for (let time = 0; time < 5; time += 1) await visitor().submit('/login', { email: ann, password: wrong })
  const answer = await visitor().submit('/login', { email: ann, password: wrong })

  t.match(answer, { statusCode: 429, headers: { 'retry-after': '1' } })
  t.match(answer.body, 'Email or password is incorrect. Wait 1 second before the next try.')
  t.match(answer.body, `value="${ann}"`)
  t.notMatch(answer.body, wrong)
})

t.test('while waiting even the right password is refused, and trying it costs nothing', async (t) => {
  const carrel = await carrelWithAnn(t)
  await fails(carrel, 6)
  for (let time = 0; time < 10; time += 1) {
    const answer = await tries(carrel.visitor(), ann, password)
    t.match(answer, { statusCode: 429, headers: { 'retry-after': '1' } })
  }
  carrel.clock.pass(1)
  t.match(await fails(carrel, 1), [{ headers: { 'retry-after': '2' } }], 'only the failures were counted')
  carrel.clock.pass(2)
  t.equal((await tries(carrel.visitor(), ann, password)).statusCode, 200)
})

t.test('a success, or twelve quiet hours, make a new beginning', async (t) => {
  const carrel = await carrelWithAnn(t)
  await fails(carrel, 6)
  carrel.clock.pass(1)
  t.equal((await tries(carrel.visitor(), ann, password)).statusCode, 200)
  carrel.clock.pass(601)
  t.same(statuses(await fails(carrel, 6)), [401, 401, 401, 401, 401, 429])

  carrel.clock.pass(12 * hour - 1)
  t.match(await fails(carrel, 1), [{ statusCode: 429, headers: { 'retry-after': '2' } }])
  carrel.clock.pass(12 * hour)
  t.same(statuses(await fails(carrel, 6)), [401, 401, 401, 401, 401, 429])
})

t.test('an account that does not exist is throttled the same way, with the same answers', async (t) => {
  const carrel = await carrelWithAnn(t)
  const { visitor, clock } = carrel
  const form = (email: string, from: string) =>
    visitor().request('POST', '/login', new URLSearchParams({ email, password: wrong }).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': from
    })

  for (const [known, unknown, one, other] of [
    [ann, 'zoe@example.com', '198.51.100.1', '198.51.100.2'],
    ['ann', 'zoe', '198.51.100.3', '198.51.100.4']
  ] as const) {
    const waits = []
    for (let time = 0; time < 10; time += 1) {
      const told = seen(await tries(visitor(), known, wrong, one))
      t.same(seen(await tries(visitor(), unknown, wrong, other)), told)
      const page = seen(await form(known, one))
      const twin = seen(await form(unknown, other))
      t.same({ ...twin, body: twin.body.replaceAll(unknown, known) }, page)
      waits.push(Number(told.headers['retry-after'] ?? 0))
      clock.pass(Number(page.headers['retry-after'] ?? 0))
    }
    t.ok((waits.at(-1) as number) >= 32, 'and they had to wait')
    clock.pass(12 * hour)
  }
})

t.test('a count tells neither whether an email has an account nor what else it is called', async (t) => {
  const carrel = await carrelWithAnn(t)
  for (const [email, username, from] of [
    [ann, 'ann', '203.0.113.1'],
    ['zoe@example.com', 'zoe', '203.0.113.2']
  ] as const) {
    t.same(statuses(await fails(carrel, 6, email, from)), [401, 401, 401, 401, 401, 429])
    t.same(statuses(await fails(carrel, 1, username, from)), [401], email)
    t.same(statuses(await fails(carrel, 1, ` ${email.toUpperCase()} `, from)), [429], 'however it is written')
  }
})

t.test('strangers cannot lock Ann out of the browser she signed in with before', async (t) => {
  const carrel = await carrelWithAnn(t)
  const { browser, visitor, clock } = carrel
  await browser.submit('/logout')
  await fails(carrel, 6)
  clock.pass(1)
  await fails(carrel, 1)

  t.equal((await tries(visitor(), ann, password)).statusCode, 429, 'elsewhere she has to wait')
  const stranger = visitor()
  stranger.cookies.set('known_browser', 'A'.repeat(43))
  t.equal((await tries(stranger, ann, password)).statusCode, 429, 'a made-up cookie helps nobody')
  t.equal((await tries(browser, ann, password)).statusCode, 200, 'here she does not')
})

t.test('a browser that is known is known for one account, and has no more tries than any other', async (t) => {
  const carrel = await carrelWithAnn(t)
  const { browser, visitor, person } = carrel
  await person('Bob')
  await browser.submit('/logout')

  const own = []
  for (let time = 0; time < 6; time += 1) own.push(await tries(browser, ann, wrong))
  t.same(statuses(own), [401, 401, 401, 401, 401, 429])
  t.equal((await tries(browser, ann, password)).statusCode, 429)
  t.equal((await tries(visitor(), ann, password)).statusCode, 200, 'its failures are not counted elsewhere')

  for (let time = 0; time < 6; time += 1) await tries(browser, 'bob@example.com', wrong)
  t.equal((await tries(visitor(), 'bob@example.com', password)).statusCode, 429, 'for Bob it is a stranger')
})

t.test('one address has ten free failures over all the accounts it tries', async (t) => {
  const carrel = await carrelWithAnn(t)
  const { visitor, clock } = carrel
  for (let number = 0; number < 10; number += 1) {
    t.same(statuses(await fails(carrel, 1, `reader${number}@example.com`)), [401])
  }
  t.match(await fails(carrel, 1, 'reader10@example.com'), [{ statusCode: 429, headers: { 'retry-after': '1' } }])
  t.equal((await tries(visitor(), ann, password)).statusCode, 429)
  t.equal((await tries(visitor(), ann, password, '203.0.113.8')).statusCode, 200, 'from elsewhere nothing is wrong')

  clock.pass(600)
  t.same(statuses(await fails(carrel, 1, 'reader11@example.com')), [401], 'it is forgotten after ten minutes')
})

t.test('a whole IPv6 network of one household counts as one address', async (t) => {
  const carrel = await carrelWithAnn(t)
  for (let number = 0; number < 10; number += 1) {
    await fails(carrel, 1, `reader${number}@example.com`, `2001:db8:1:2::${number + 1}`)
  }
  t.same(statuses(await fails(carrel, 1, 'one@example.com', '2001:db8:1:2:ffff::1')), [429])
  t.same(statuses(await fails(carrel, 1, 'two@example.com', '2001:db8:1:3::1')), [401])
})

t.test('a success with an account of one’s own does not clear the address', async (t) => {
  const carrel = await carrelWithAnn(t)
  await carrel.person('Bob')
  for (let number = 0; number < 9; number += 1) {
    t.same(statuses(await fails(carrel, 1, `reader${number}@example.com`)), [401])
    t.equal((await tries(carrel.visitor(), 'bob@example.com', password)).statusCode, 200, 'nor does it count')
  }
  t.same(statuses(await fails(carrel, 1, 'reader9@example.com')), [401])
  t.same(statuses(await fails(carrel, 1, 'reader10@example.com')), [429])
})

t.test('thirty guesses at the same moment are no more than six tries', async (t) => {
  const carrel = await carrelWithAnn(t)
  const verify = carrel.app.hashing.verify
  let looked = 0
  carrel.app.hashing.verify = (...given) => {
    looked += 1
    return verify(...given)
  }
  const burst = Array.from({ length: 30 }, () => tries(carrel.visitor(), ann, wrong))
  const answers = statuses(await Promise.all(burst)).sort()

  t.equal(looked, 6)
  t.same(answers, [...Array(5).fill(401), ...Array(25).fill(429)])
  t.equal((await tries(carrel.visitor(), ann, password)).statusCode, 429)
})

t.test('hashes wait in a short queue, and beyond it is a clear no', async (t) => {
  const hashing = passwordHashing(1, 1)
  const asked = await Promise.allSettled(Array.from({ length: 40 }, () => hashing.hash(password)))
  const refused = asked.filter((one) => one.status === 'rejected')

  t.equal(asked.length - refused.length, 33, 'one at work and thirty-two waiting')
  for (const { reason } of refused) t.match(reason, { statusCode: 503, code: 'BUSY', retryAfter: 5 })
  const hash = await hashing.hash(password)
  t.equal(await hashing.verify(hash, password), true, 'and then it goes on')
  t.equal(await hashing.verify(hash, wrong), false)
  t.equal(await hashing.verify(undefined, password), false)
})

t.test('nobody fills the queue alone: whoever comes later from elsewhere is served, and soon', async (t) => {
  const hashing = passwordHashing(1, 1)
  const order: string[] = []
  const asks = (whom: string) => hashing.hash(password, whom).then(() => order.push(whom))
  const crowd = Array.from({ length: 33 }, () => asks('crowd'))
  const others = [asks('Ann'), asks('Bob')]
  const served = await Promise.allSettled([...others, ...crowd])

  t.same(
    served.slice(0, 2).map(({ status }) => status),
    ['fulfilled', 'fulfilled']
  )
  t.equal(served.filter(({ status }) => status === 'rejected').length, 2, 'two of the crowd gave way')
  t.same(order.slice(0, 4), ['crowd', 'crowd', 'Ann', 'Bob'])
})

t.test('a hash that fails gives its turn to the next', async (t) => {
  const hashing = passwordHashing(1, 1)
  for (let time = 0; time < 3; time += 1) await t.rejects(hashing.verify('not a hash', password))
  const asked = await Promise.allSettled([hashing.verify('not a hash', password), hashing.hash(password)])
  t.same(
    asked.map(({ status }) => status),
    ['rejected', 'fulfilled']
  )
})

t.test('whoever comes while too many wait is asked to come back, and it costs no try', async (t) => {
  const carrel = await carrelWithAnn(t)
  const { app, visitor } = carrel
  const { verify, hash } = app.hashing
  app.hashing.verify = app.hashing.hash = async () => {
    throw new Busy({ retryAfter: 5 })
  }
  for (let time = 0; time < 8; time += 1) {
    const answer = await tries(visitor(), ann, wrong)
    t.match(answer, { statusCode: 503, headers: { 'retry-after': '5' } })
    t.match(answer.json(), { code: 'BUSY' })
  }
  const form = await visitor().submit('/login', { email: ann, password: wrong })
  t.match(form, { statusCode: 503, headers: { 'retry-after': '5' }, body: /value="ann@example.com"/ })
  const newcomer = { firstName: 'Bob', lastName: 'Arbor', email: 'bob@example.com', password }
  const register = await visitor().submit('/register', newcomer)
  t.match(register, { statusCode: 503, headers: { 'retry-after': '5' }, body: /value="bob@example.com"/ })

  Object.assign(app.hashing, { verify, hash })
  t.same(statuses(await fails(carrel, 6)), [401, 401, 401, 401, 401, 429])
})

const expiring = [
  'idempotency_keys',
  'invites',
  'known_browsers',
  'pending_signups',
  'refresh_tokens',
  'sessions',
  'setup_tokens',
  'sign_in_attempts',
  'throttles',
  'unlinked_identities'
]

t.test('every table with something that expires is among those that are tidied', async (t) => {
  const { app } = await startApp(t)
  const tables = await app.db.introspection.getTables()
  const found = tables.filter(({ columns }) => columns.some(({ name }) => name === 'expires_at'))
  // A key that has expired is shown as such until its owner revokes it.
  t.same(
    found
      .map(({ name }) => name)
      .filter((name) => name !== 'api_keys')
      .sort(),
    expiring
  )
})

t.test('tidying drops what has expired, from every table, and nothing else', async (t) => {
  const { app, clock, person } = await startApp(t)
  const browser = await person('Ann')
  const { id: account_id, room } = await browser.me()
  const now = clock.now()
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString()
  for (const table of ['sessions', 'known_browsers', 'throttles'] as const) await app.db.deleteFrom(table).execute()

  const alive = newId()
  const ends = [
    ['long gone', at(-8 * 24 * hour)],
    ['just gone', at(0)],
    ['still here', at(1)]
  ] as const
  for (const [name, end] of ends) {
    const made = { created_at: at(-9 * 24 * hour), expires_at: end }
    const token_hash = hashToken(name)
    const session = { account_id, address: '::1', user_agent: name, ...made, last_seen_at: made.created_at }
    const person = { email: name, username: null, first_name: 'B', last_name: 'A', password_hash: '', context: '{}' }
    const invite = {
      workspace_id: room.roomId,
      created_by: account_id,
      role: 'viewer',
      email: null,
      max_uses: 1
    } as const
    await app.db
      .insertInto('sessions')
      .values([
        { ...session, id: name === 'still here' ? alive : newId(), token_hash, idle_until: null },
        { ...session, id: newId(), token_hash: hashToken(`${name}, idle`), expires_at: at(hour), idle_until: end }
      ])
      .execute()
    await app.db.insertInto('known_browsers').values({ browser_hash: name, account_id, expires_at: end }).execute()
    const repeat = { request_hash: name, claim: name, answer: null, expires_at: end }
    await app.db
      .insertInto('idempotency_keys')
      .values({ account_id, key_hash: name, ...repeat })
      .execute()
    await app.db.insertInto('throttles').values({ key: name, tries: 1, blocked_until: null, expires_at: end }).execute()
    await app.db
      .insertInto('setup_tokens')
      .values({ token_hash, ...made })
      .execute()
    await app.db
      .insertInto('pending_signups')
      .values({ token_hash, ...person, ...made })
      .execute()
    const elsewhere = { account_id, next: null, expires_at: end }
    await app.db
      .insertInto('sign_in_attempts')
      .values({ state_hash: name, browser_hash: name, provider: 'oidc', verifier: name, nonce: name, ...elsewhere })
      .execute()
    await app.db
      .insertInto('unlinked_identities')
      .values({ token_hash: name, issuer: 'https://id.example.com/', subject: name, email: name, ...elsewhere })
      .execute()
    await app.db
      .insertInto('invites')
      .values({ id: newId(), ...invite, code_hash: name, uses: 0, revoked_at: null, ...made })
      .execute()
  }

  const created_at = at(-9 * 24 * hour)
  for (const [token_hash, expires_at] of ends)
    await app.db
      .insertInto('refresh_tokens')
      .values({ token_hash, session_id: alive, created_at, expires_at, used_at: null })
      .execute()

  t.same(await purgeExpired(app.db, now), { sessions: 4, others: 18 })
  const left = async (table: string, column: string) =>
    (
      await app.db
        .selectFrom(table as 'sessions')
        .select(column as 'user_agent as told')
        .execute()
    ).map(({ told }) => told)
  t.same(await left('sessions', 'user_agent as told'), ['still here', 'still here'])
  t.same(await left('known_browsers', 'browser_hash as told'), ['still here'])
  t.same(await left('refresh_tokens', 'token_hash as told'), ['still here'])
  t.same(await left('idempotency_keys', 'key_hash as told'), ['still here'])
  t.same(await left('throttles', 'key as told'), ['still here'])
  t.same(await left('setup_tokens', 'token_hash as told'), [hashToken('still here')])
  t.same(await left('pending_signups', 'email as told'), ['still here'])
  t.same(await left('sign_in_attempts', 'state_hash as told'), ['still here'])
  t.same(await left('unlinked_identities', 'subject as told'), ['still here'])
  t.same(await left('invites', 'code_hash as told'), ['still here'])
  t.equal((await app.db.selectFrom('accounts').selectAll().execute()).length, 1)
  t.equal((await app.db.selectFrom('workspaces').selectAll().execute()).length, 1)

  t.same(await purgeExpired(app.db, now), { sessions: 0, others: 0 }, 'there is nothing left to do')
})
