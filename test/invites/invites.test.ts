import t, { type Test } from 'tap'
import { createAccount } from '../../src/accounts/store.ts'
import { inTransaction } from '../../src/database/open.ts'
import { hashToken } from '../../src/ids.ts'
import { type Browser, seen } from '../support/browser.ts'
import { type Carrel, password, startApp } from '../support/carrel.ts'

const day = 24 * 3600
const nobodysCode = 'A'.repeat(43)
const newcomer = (firstName: string) => ({
  firstName,
  lastName: 'Arbor',
  email: `${firstName.toLowerCase()}@example.com`,
  password
})

const tasksOf = async (browser: Browser) =>
  Object.fromEntries(
    (await browser.open('/api/v1/tasks'))
      .json()
      .items.map(({ kind, status }: { kind: string; status: string }) => [kind, status])
  )

const opens = async (browser: Browser, workspace: string) =>
  (await browser.open(`/api/v1/workspaces/${workspace}`)).statusCode === 200

const shown = (body: string) => /value="(http[^"]*\/accept-invite\?code=[^"]+)"/.exec(body)?.[1]

async function annsFlat(carrel: Carrel) {
  const ann = await carrel.person('Ann')
  return { ann, flat: await ann.makesWorkspace('Flat') }
}

/** A Carrel that only the invited may join; Ann was there before it became one. */
async function amongTheInvited(t: Test) {
  const carrel = await startApp(t, { SIGNUP: 'invite' })
  const { app, clock, visitor } = carrel
  const passwordHash = await app.hashing.hash(password)
  await inTransaction(app.db, (tx) => createAccount(tx, { ...newcomer('Ann'), passwordHash }, clock.now()))
  const ann = visitor()
  await ann.submit('/login', newcomer('Ann'))
  return { ...carrel, ann, flat: await ann.makesWorkspace('Flat') }
}

t.test('Ann makes a link by form; it is shown once, and works', async (t) => {
  const carrel = await startApp(t, { PUBLIC_URL: 'http://carrel.example.com' })
  const { ann, flat } = await annsFlat(carrel)
  const { room } = await ann.me()
  const form = (await ann.open(`/invite-coparent?workspace=${flat}`)).body
  t.match(form, new RegExp(`<option value="${flat}" selected>Flat`))
  const plain = (await ann.open('/invite')).body
  t.match(plain, new RegExp(`<select[^>]*>\\s*<option value="${room.roomId}"`), 'the room comes first')

  const made = await ann.submit('/invite-coparent', { workspace_id: flat, role: 'editor' })
  t.match(made, { statusCode: 303, headers: { location: '/invite-coparent' } })
  t.notMatch(made.headers.location, 'code=', 'the address bar tells nothing')
  const page = await ann.open('/invite-coparent')
  const link = shown(page.body) as string
  t.match(link, /^http:\/\/carrel\.example\.com\/accept-invite\?code=[\w-]{43}$/)
  t.equal(page.headers['cache-control'], 'no-store')
  t.notOk(shown((await ann.open('/invite-coparent')).body), 'the second look shows none')
  t.match((await ann.open('/invite-coparent')).body, 'Take back')

  const bob = await carrel.person('Bob')
  const { pathname, search, searchParams } = new URL(link)
  const offer = await bob.open(pathname + search)
  t.match(offer.body, '<h1>Flat</h1>')
  t.match(offer.body, /Ann Arbor invites you to read and add to/)
  t.notMatch(offer.body, '@example.com')
  t.notOk(await opens(bob, flat), 'opening it changes nothing')
  const joined = await bob.submit('/accept-invite', { code: searchParams.get('code') as string })
  t.match(joined, { statusCode: 303, headers: { location: `/workspaces/${flat}` } })
  t.match((await bob.open(`/workspaces/${flat}`)).body, 'You have joined.')
  t.match((await bob.open(`/api/v1/workspaces/${flat}`)).json(), { role: 'editor' })
})

t.test('the JSON twin tells code and link this once, and the database keeps neither', async (t) => {
  const carrel = await startApp(t, { PUBLIC_URL: 'http://carrel.example.com' })
  const { ann, flat } = await annsFlat(carrel)
  const made = await ann.api('POST', '/api/v1/invites', { workspace_id: flat, role: 'viewer' })
  const { id, code, url, expires_at } = made.json()

  t.equal(made.statusCode, 201)
  t.match(made.json(), { role: 'viewer', workspace_id: flat })
  t.match(code, /^[\w-]{43}$/)
  t.equal(url, `http://carrel.example.com/accept-invite?code=${code}`)
  t.equal(Date.parse(expires_at) - carrel.clock.now().getTime(), 7 * day * 1000)

  const list = await ann.open('/api/v1/invites')
  t.match(list.json(), {
    items: [{ id, workspace_id: flat, workspace_name: 'Flat', role: 'viewer', uses: 0, max_uses: 1 }],
    next_cursor: null
  })
  t.notMatch(list.body, code)
  const stored = await carrel.app.db.selectFrom('invites').selectAll().execute()
  t.notMatch(JSON.stringify(stored), code)
  t.equal(stored[0]?.code_hash, hashToken(code))

  const bob = await carrel.person('Bob')
  const accepted = await bob.accepts(code)
  t.equal(accepted.statusCode, 200)
  t.same(accepted.json(), { workspace_id: flat, role: 'viewer' })
  t.same((await ann.open('/api/v1/invites')).json().items, [], 'what is used up is no longer open')
  t.equal((await bob.accepts(hashToken(code))).statusCode, 404)
})

t.test('a refused invitation comes back with what was typed, and makes nothing', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const form = await ann.submit('/invite-coparent', { workspace_id: flat, role: 'editor', email: 'not an email' })
  t.equal(form.statusCode, 422)
  t.match(form.body, 'value="not an email"')
  t.match(form.body, new RegExp(`<option value="${flat}" selected>`))
  t.match(form.body, /value="editor" checked/)
  t.equal((await ann.submit('/invite-coparent', { workspace_id: flat, role: 'editor', uses: '101' })).statusCode, 422)

  for (const change of [
    { role: 'owner' },
    { role: undefined },
    { workspace_id: 'flat' },
    { workspace_id: [flat] },
    { email: 'x' },
    { uses: 0 },
    { uses: 101 },
    { uses: '2' }
  ]) {
    const answer = await ann.api('POST', '/api/v1/invites', { workspace_id: flat, role: 'viewer', ...change })
    t.match(answer.json(), { statusCode: 400, code: 'INVALID', fields: {} }, JSON.stringify(change))
  }
  t.same((await ann.open('/api/v1/invites')).json().items, [])
})

t.test('a link works for seven days, and for one person', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const [early, late] = [await ann.invites(flat, 'viewer'), await ann.invites(flat, 'viewer')]

  carrel.clock.pass(7 * day - 1)
  const bob = await carrel.person('Bob')
  const cleo = await carrel.person('Cleo')
  t.equal((await bob.accepts(early)).statusCode, 200)
  t.equal((await cleo.accepts(early)).statusCode, 404, 'one use')
  carrel.clock.pass(1)
  t.equal((await cleo.accepts(late)).statusCode, 404, 'a week')
  t.equal((await cleo.open(`/accept-invite?code=${late}`)).statusCode, 404)
  t.notOk(await opens(cleo, flat))
  t.ok(await opens(bob, flat), 'who is in stays in')
})

t.test('a link may be for several people, and no more', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const [bob, cleo, dora] = [await carrel.person('Bob'), await carrel.person('Cleo'), await carrel.person('Dora')]
  const code = await ann.invites(flat, 'viewer', { uses: 2 })
  t.same(
    [await bob.accepts(code), await cleo.accepts(code), await dora.accepts(code)].map(({ statusCode }) => statusCode),
    [200, 200, 404]
  )
  await ann.submit('/invite-coparent', { workspace_id: flat, role: 'viewer', uses: '3' })
  t.match((await ann.open('/api/v1/invites')).json().items, [{ uses: 0, max_uses: 3 }])
})

t.test('accepting twice, or as the owner, uses nothing up and takes nothing away', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const bob = await carrel.person('Bob')
  const cleo = await carrel.person('Cleo')
  const asEditor = await ann.invites(flat, 'editor', { uses: 2 })
  t.same((await bob.accepts(asEditor)).json(), { workspace_id: flat, role: 'editor' })

  const asViewer = await ann.invites(flat, 'viewer')
  t.same((await ann.accepts(asViewer)).json(), { workspace_id: flat, role: 'owner' })
  t.same((await bob.accepts(asViewer)).json(), { workspace_id: flat, role: 'editor' })
  t.same((await bob.accepts(asEditor)).json(), { workspace_id: flat, role: 'editor' })
  const again = await bob.submit('/accept-invite', { code: asViewer })
  t.equal(again.headers.location, `/workspaces/${flat}`)
  t.notMatch((await bob.open(`/workspaces/${flat}`)).body, 'You have joined.')
  t.match((await ann.open('/api/v1/invites')).json().items, [{ uses: 0 }, { uses: 1 }])

  t.equal((await cleo.accepts(asViewer)).statusCode, 200)
  t.match((await bob.open(`/api/v1/workspaces/${flat}`)).json(), { role: 'editor' })
})

t.test('pressing twice is no harm, also with a link for one', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const bob = await carrel.person('Bob')
  const code = await ann.invites(flat, 'viewer')
  const both = await Promise.all([bob.submit('/accept-invite', { code }), bob.submit('/accept-invite', { code })])
  for (const answer of both) t.match(answer, { statusCode: 303, headers: { location: `/workspaces/${flat}` } })
  t.equal((await bob.open(`/accept-invite?code=${code}`)).statusCode, 200)
  t.equal((await (await carrel.person('Cleo')).accepts(code)).statusCode, 404)
})

t.test('whoever was removed, or has left, does not come back by the link they came with', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const [bob, cleo] = [await carrel.person('Bob'), await carrel.person('Cleo')]
  const code = await ann.invites(flat, 'editor', { uses: 5 })
  t.equal((await bob.accepts(code)).statusCode, 200)
  const { id } = await bob.me()
  await ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${id}`)
  t.equal((await bob.accepts(code)).statusCode, 404)
  t.equal((await bob.open(`/accept-invite?code=${code}`)).statusCode, 404)
  t.notOk(await opens(bob, flat))

  await bob.accepts(await ann.invites(flat, 'viewer'))
  t.ok(await opens(bob, flat), 'a new link is a new chance')
  const spare = await ann.invites(flat, 'editor')
  t.match((await bob.accepts(spare)).json(), { role: 'viewer' })
  await bob.submit(`/workspaces/${flat}/leave`)
  t.equal((await bob.accepts(code)).statusCode, 404, 'nor as the editor they were before')
  t.equal((await bob.accepts(spare)).statusCode, 404, 'nor by one they did not need at the time')
  t.equal((await cleo.accepts(spare)).statusCode, 200, 'which stays good for somebody else')
  await cleo.submit(`/workspaces/${flat}/leave`)
  t.equal((await cleo.accepts(code)).statusCode, 200, 'to others it is as good as ever')
})

t.test('a link meant for one email is for that account alone', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const bob = await carrel.person('Bob')
  const cleo = await carrel.person('Cleo')
  const code = await ann.invites(flat, 'viewer', { email: ' Cleo@Example.COM ' })
  t.match((await ann.open('/invite-coparent')).body, 'for cleo@example.com')

  t.equal((await bob.open(`/accept-invite?code=${code}`)).statusCode, 404)
  t.equal((await bob.accepts(code)).statusCode, 404)
  t.equal((await bob.submit('/accept-invite', { code })).statusCode, 404)
  t.notOk(await opens(bob, flat))
  t.equal((await cleo.open(`/accept-invite?code=${code}`)).statusCode, 200)
  t.equal((await cleo.accepts(code)).statusCode, 200)
})

t.test('every code that does not work gets one and the same answer', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const bob = await carrel.person('Bob')
  const cleo = await carrel.person('Cleo')
  const expired = await ann.invites(flat, 'viewer')
  carrel.clock.pass(7 * day - 3600)
  await ann.submit('/login', { email: 'ann@example.com', password, remember: 'on' })
  await bob.submit('/login', { email: 'bob@example.com', password, remember: 'on' })
  await cleo.submit('/login', { email: 'cleo@example.com', password, remember: 'on' })
  const used = await ann.invites(flat, 'viewer')
  await cleo.accepts(used)
  const revoked = await ann.invites(flat, 'viewer')
  for (const { id } of (await ann.open('/api/v1/invites')).json().items) {
    t.equal((await ann.api('DELETE', `/api/v1/invites/${id}`)).statusCode, 204)
  }
  const foreign = await ann.invites(flat, 'viewer', { email: 'dora@example.com' })
  const shed = await ann.makesWorkspace('Shed')
  const deleted = await ann.invites(shed, 'viewer')
  await ann.api('DELETE', `/api/v1/workspaces/${shed}`)
  carrel.clock.pass(3600)

  const codes = { expired, used, revoked, foreign, deleted, odd: "' or 1=1 --", nul: '\u0000', long: 'x'.repeat(400) }
  const doors: ((code: string) => ReturnType<Browser['open']>)[] = [
    (code) => bob.open(`/accept-invite?code=${encodeURIComponent(code)}`),
    (code) => bob.submit('/accept-invite', { code }),
    (code) => bob.accepts(code)
  ]
  for (const [index, door] of doors.entries()) {
    const told = seen(await door(nobodysCode))
    t.match(told, { statusCode: 404, body: /This invite does not work, or no longer does/ })
    for (const [kind, code] of Object.entries(codes)) t.same(seen(await door(code)), told, `door ${index}, ${kind}`)
  }
  const visitor = carrel.visitor()
  const told = seen(await visitor.open(`/accept-invite?code=${nobodysCode}`))
  for (const code of [expired, used, revoked, deleted]) {
    t.same(seen(await visitor.open(`/accept-invite?code=${code}`)), told)
  }
  t.notOk(visitor.cookies.has('invite_code'))
  t.notOk(await opens(bob, flat))
})

t.test('an invite of somebody whose account was disabled no longer works', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const bob = await carrel.person('Bob')
  const code = await ann.invites(flat, 'viewer')
  await carrel.app.db
    .updateTable('accounts')
    .set({ disabled_at: carrel.clock.now().toISOString() })
    .where('email', '=', 'ann@example.com')
    .execute()
  t.same(seen(await bob.accepts(code)), seen(await bob.accepts(nobodysCode)))
})

t.test('a visitor opens the link, signs up by its button and lands at the invite', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const code = await ann.invites(flat, 'editor')
  const here = `/accept-invite?code=${code}`
  const bob = carrel.visitor()

  const offer = await bob.open(here)
  t.match(offer.body, 'Ann Arbor invites you')
  t.notMatch(offer.body, '<button class="button">Join')
  const button = /href="(\/register\?next=[^"]+)"/.exec(offer.body)?.[1] as string
  const form = await bob.open(button)
  const next = /name="next" value="([^"]+)"/.exec(form.body)?.[1] as string
  t.equal(next, here)

  t.equal((await bob.submit('/register', { ...newcomer('Bob'), password: 'brief', next })).statusCode, 422)
  const signedUp = await bob.submit('/register', { ...newcomer('Bob'), next })
  t.match(signedUp, { statusCode: 303, headers: { location: here } })
  t.match((await bob.open(here)).body, '<button class="button">Join')
  t.equal((await bob.submit('/accept-invite', { code })).statusCode, 303)
  t.ok(await opens(bob, flat))
  t.notOk(bob.cookies.has('invite_code'), 'the code is not kept longer than needed')
})

t.test('the code is kept, too, for whoever finds their own way to the forms', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  await carrel.person('Cleo')
  const code = await ann.invites(flat, 'viewer', { uses: 3 })
  const here = `/accept-invite?code=${code}`

  const bob = carrel.visitor()
  await bob.open(here)
  await bob.open('/')
  await bob.open('/register')
  t.equal((await bob.submit('/register', newcomer('Bob'))).headers.location, here)

  const cleo = carrel.visitor()
  await cleo.open(here)
  await cleo.open('/login')
  const wrong = await cleo.submit('/login', { email: 'cleo@example.com', password: 'not her password' })
  t.equal(wrong.statusCode, 422)
  t.equal((await cleo.submit('/login', { email: 'cleo@example.com', password })).headers.location, here)
  await cleo.submit('/accept-invite', { code })
  await cleo.submit('/logout')
  t.equal((await cleo.submit('/login', { email: 'cleo@example.com', password })).headers.location, '/')

  const program = carrel.visitor()
  await program.open(here)
  t.equal((await program.api('POST', '/api/auth/signup', newcomer('Dora'))).statusCode, 200)
  t.equal((await program.accepts(code)).statusCode, 200)
})

t.test('a code or a whole link may be pasted', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const bob = await carrel.person('Bob')
  const cleo = await carrel.person('Cleo')
  const code = await ann.invites(flat, 'viewer', { uses: 2 })
  t.match((await bob.open('/accept-invite')).body, 'The link or code you were given')
  const pasted = await bob.submit('/accept-invite', {
    code: `  https://carrel.example.com/accept-invite?code=${code} `
  })
  t.equal(pasted.headers.location, `/workspaces/${flat}`)
  t.equal((await cleo.submit('/accept-invite', { code: ` ${code}\n` })).headers.location, `/workspaces/${flat}`)
  t.equal((await cleo.submit('/accept-invite', { code: '' })).statusCode, 422)
  t.match((await carrel.visitor().open('/accept-invite')).body, 'sign in')
  t.equal((await carrel.visitor().accepts(code)).statusCode, 401)
})

t.test('when two people accept a link for one at the same moment, one gets in', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const people = [await carrel.person('Bob'), await carrel.person('Cleo'), await carrel.person('Dora')]
  for (let round = 0; round < 3; round += 1) {
    const code = await ann.invites(flat, 'viewer')
    const answers = await Promise.all(people.map((browser) => browser.accepts(code)))
    t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 404, 404])
    t.equal((await ann.open(`/api/v1/workspaces/${flat}/members`)).json().items.length, 2)
    for (const browser of people) await browser.submit(`/workspaces/${flat}/leave`)
  }
})

t.test('where only the invited may join, a working invite makes an account and nothing else does', async (t) => {
  const { app, ann, flat, visitor } = await amongTheInvited(t)
  const joined = visitor()
  const used = await ann.invites(flat, 'viewer')
  await joined.api('POST', '/api/auth/signup', { ...newcomer('Dora'), inviteCode: used })
  await joined.accepts(used)
  const revoked = await ann.invites(flat, 'viewer')
  for (const { id } of (await ann.open('/api/v1/invites')).json().items)
    await ann.api('DELETE', `/api/v1/invites/${id}`)
  const code = await ann.invites(flat, 'viewer')

  const uninvited = visitor()
  t.match(await uninvited.submit('/register', newcomer('Bob')), { statusCode: 403, body: /You need an invite/ })
  for (const inviteCode of [undefined, '', nobodysCode, used, revoked]) {
    const answer = await uninvited.api('POST', '/api/auth/signup', { ...newcomer('Bob'), inviteCode })
    t.match(answer.json(), { statusCode: 403, code: 'SIGNUP_CLOSED' })
  }
  t.equal((await app.db.selectFrom('accounts').selectAll().execute()).length, 2)

  const bob = visitor()
  await bob.open(`/accept-invite?code=${code}`)
  t.equal((await bob.submit('/register', newcomer('Bob'))).headers.location, `/accept-invite?code=${code}`)
  t.equal((await bob.accepts(code)).statusCode, 200)
  const next = await ann.invites(flat, 'viewer')
  const cleo = await visitor().api('POST', '/api/auth/signup', { ...newcomer('Cleo'), inviteCode: next })
  t.equal(cleo.statusCode, 200)
})

t.test('joining while the workspace is deleted ends well for everybody', async (t) => {
  const carrel = await startApp(t)
  const { ann } = await annsFlat(carrel)
  const people = [await carrel.person('Bob'), await carrel.person('Cleo'), await carrel.person('Dora')]
  for (let round = 0; round < 8; round += 1) {
    const doomed = await ann.makesWorkspace(`Doomed ${round}`)
    const code = await ann.invites(doomed, 'viewer', { uses: 9 })
    const [gone, ...joined] = await Promise.all([
      ann.api('DELETE', `/api/v1/workspaces/${doomed}`),
      ...people.map((browser) => browser.accepts(code))
    ])
    t.equal(gone?.statusCode, 204)
    for (const { statusCode } of joined) t.ok([200, 404].includes(statusCode), `${statusCode}`)
  }
})

t.test('where only the invited may join, an invite for one makes one account, and keeps its place', async (t) => {
  const { app, ann, flat, visitor } = await amongTheInvited(t)
  const code = await ann.invites(flat, 'viewer')
  const signsUp = (browser: Browser, name: string) =>
    browser.api('POST', '/api/auth/signup', { ...newcomer(name), inviteCode: code })

  const people = [visitor(), visitor(), visitor()]
  const answers = await Promise.all(
    people.map((browser, index) => signsUp(browser, ['Bob', 'Cleo', 'Dora'][index] as string))
  )
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 403, 403])
  t.equal((await app.db.selectFrom('accounts').selectAll().execute()).length, 2)

  const [open] = (await ann.open('/api/v1/invites')).json().items
  t.match(open, { uses: 1, max_uses: 1 }, 'its owner can still see it, and take it back')
  const winner = people[answers.findIndex(({ statusCode }) => statusCode === 200)] as Browser
  t.equal((await winner.accepts(code)).statusCode, 200, 'who came by it may still join by it')
  t.match((await winner.open(`/api/v1/workspaces/${flat}`)).json(), { role: 'viewer' })
})

t.test('an invite meant for one email brings nobody else into a Carrel of the invited', async (t) => {
  const { ann, flat, visitor } = await amongTheInvited(t)
  const code = await ann.invites(flat, 'viewer', { email: 'cleo@example.com' })

  const bob = visitor()
  await bob.open(`/accept-invite?code=${code}`)
  t.equal((await bob.submit('/register', newcomer('Bob'))).statusCode, 403)
  const json = await bob.api('POST', '/api/auth/signup', { ...newcomer('Bob'), inviteCode: code })
  t.equal(json.statusCode, 403)
  const cleo = visitor()
  await cleo.open(`/accept-invite?code=${code}`)
  t.equal((await cleo.submit('/register', { ...newcomer('Cleo'), email: 'CLEO@example.com' })).statusCode, 303)
})

t.test('a person sees and takes back their own invites, and nobody else’s', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const bob = await carrel.person('Bob')
  const cleo = await carrel.person('Cleo')
  await bob.accepts(await ann.invites(flat, 'editor'))
  const code = await ann.invites(flat, 'viewer')
  const { id } = (await ann.open('/api/v1/invites')).json().items[0]
  const nowhere = '01900000-0000-7000-8000-000000000000'

  for (const browser of [bob, cleo]) {
    t.same((await browser.open('/api/v1/invites')).json().items, [])
    t.notMatch((await browser.open('/invite-coparent')).body, 'Take back')
    const told = seen(await browser.api('DELETE', `/api/v1/invites/${id}`))
    t.equal(told.statusCode, 404)
    t.same(told, seen(await browser.api('DELETE', `/api/v1/invites/${nowhere}`)))
    const page = seen(await browser.submit(`/invites/${id}/revoke`))
    t.equal(page.statusCode, 404)
    t.same(page, seen(await browser.submit(`/invites/${nowhere}/revoke`)))
  }
  t.equal((await cleo.open(`/accept-invite?code=${code}`)).statusCode, 200, 'it still works')

  t.match(await ann.submit(`/invites/${id}/revoke`), { statusCode: 303, headers: { location: '/invite-coparent' } })
  const page = (await ann.open('/invite-coparent')).body
  t.match(page, 'That link no longer works.')
  t.notMatch(page, 'Take back')
  t.equal((await cleo.accepts(code)).statusCode, 404)
  t.equal((await ann.submit(`/invites/${id}/revoke`)).statusCode, 404)
})

t.test('open invites are listed newest first, a page at a time', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  for (const email of ['one', 'two', 'three']) await ann.invites(flat, 'viewer', { email: `${email}@example.com` })
  const first = (await ann.open('/api/v1/invites?limit=2')).json()
  const second = (await ann.open(`/api/v1/invites?limit=2&cursor=${first.next_cursor}`)).json()
  t.match(
    [...first.items, ...second.items].map(({ email }: { email: string }) => email),
    ['three@example.com', 'two@example.com', 'one@example.com']
  )
  t.equal(second.next_cursor, null)
})

t.test('only an owner invites: an editor and a viewer may not, to a stranger there is no such place', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  const [bob, cleo, dora] = [await carrel.person('Bob'), await carrel.person('Cleo'), await carrel.person('Dora')]
  await bob.accepts(await ann.invites(flat, 'editor'))
  await cleo.accepts(await ann.invites(flat, 'viewer'))

  for (const [browser, status] of [
    [bob, 403],
    [cleo, 403],
    [dora, 404]
  ] as const) {
    const fields = { workspace_id: flat, role: 'viewer' }
    t.equal((await browser.submit('/invite-coparent', fields)).statusCode, status)
    t.equal((await browser.submit('/invite', fields)).statusCode, status)
    t.equal((await browser.api('POST', '/api/v1/invites', fields)).statusCode, status)
    t.equal((await tasksOf(browser))['invite-someone'], 'open')
  }
  t.equal((await carrel.visitor().submit('/invite-coparent', {})).headers.location, '/login?next=%2Finvite-coparent')
  t.equal((await carrel.visitor().api('POST', '/api/v1/invites', {})).statusCode, 401)
  t.equal((await carrel.app.db.selectFrom('invites').selectAll().execute()).length, 2)
})

t.test('inviting ticks its task off', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await annsFlat(carrel)
  t.equal((await tasksOf(ann))['invite-someone'], 'open')
  await ann.invites(flat, 'viewer')
  t.equal((await tasksOf(ann))['invite-someone'], 'done')
})
