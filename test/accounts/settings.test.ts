import t from 'tap'
import { seen } from '../support/browser.ts'
import { password, startApp } from '../support/carrel.ts'

const other = 'other unrelated words'
const ann = { email: 'ann@example.com', password }

t.test('a person changes their name and username, and signs in by the new one', async (t) => {
  const { person, visitor } = await startApp(t)
  const browser = await person('Ann')
  t.match((await browser.open('/settings/profile')).body, /value="Ann".*value="Arbor".*value="ann".*ann@example\.com/s)
  const changed = { firstName: ' Anna ', lastName: 'Beech', username: 'Anna.B' }
  t.match(await browser.submit('/settings/profile', changed), { statusCode: 303, headers: { location: /profile/ } })

  t.match(await browser.me(), { firstName: 'Anna', lastName: 'Beech', username: 'anna.b', email: 'ann@example.com' })
  t.match((await browser.open('/')).body, 'Anna Beech')
  t.equal((await visitor().submit('/login', { email: 'anna.b', password })).statusCode, 303)
  t.equal((await visitor().submit('/login', { email: 'ann', password })).statusCode, 422)
})

t.test('a program changes one of them, and is told what holds now', async (t) => {
  const { person } = await startApp(t)
  const browser = await person('Ann')
  for (const more of [{ role: 'admin' }, { email: 'x@y.example' }]) {
    const refused = await browser.api('PATCH', '/api/v1/auth/me', { lastName: 'Birch', ...more })
    t.match(refused.json(), { statusCode: 400, fields: { [Object.keys(more)[0] as string]: /not a field/ } })
  }
  const answer = await browser.api('PATCH', '/api/v1/auth/me', { lastName: 'Beech' })
  t.match(answer.json(), { firstName: 'Ann', lastName: 'Beech', username: 'ann', role: 'user', email: ann.email })
})

t.test('a name that the sign-up would refuse is refused beside its field, and nothing changes', async (t) => {
  const { person } = await startApp(t)
  const browser = await person('Ann')
  await person('Bob')
  const right = { firstName: 'Anna', lastName: 'Beech', username: 'anna' }
  for (const [field, value] of [
    ['firstName', ''],
    ['lastName', 'x'.repeat(101)],
    ['username', 'a b'],
    ['username', ''],
    ['username', 'BOB']
  ] as const) {
    const wrong = { ...right, [field]: value }
    const page = await browser.submit('/settings/profile', wrong)
    t.equal(page.statusCode, 422, `${field} ${value}`)
    t.match(page.body, new RegExp(`name="${field}"[^>]*aria-invalid="true"`))
    const json = await browser.api('PATCH', '/api/v1/auth/me', wrong)
    t.match(json.json(), { statusCode: 400, fields: { [field]: String } })
  }
  t.match(await browser.me(), { firstName: 'Ann', lastName: 'Arbor', username: 'ann' })
})

t.test('a new password ends every other session, and the old one opens nothing', async (t) => {
  const { person, visitor } = await startApp(t)
  const [here, elsewhere, stranger] = [await person('Ann'), visitor(), await person('Bob')]
  await elsewhere.submit('/login', ann)
  t.equal((await elsewhere.open('/workspaces')).statusCode, 200)
  const answer = await here.submit('/settings/password', { current_password: password, password: other })
  t.match(answer, { statusCode: 303, headers: { location: '/settings/password' } })

  t.equal((await here.open('/workspaces')).statusCode, 200)
  t.equal((await elsewhere.open('/workspaces')).statusCode, 303)
  t.equal((await stranger.open('/workspaces')).statusCode, 200, 'nobody else is signed out')
  t.equal((await visitor().submit('/login', ann)).statusCode, 422)
  t.equal((await visitor().submit('/login', { ...ann, password: other })).statusCode, 303)
})

t.test('without the current password, or with a poor new one, nothing changes', async (t) => {
  const { person, visitor } = await startApp(t)
  const browser = await person('Ann')
  for (const [field, change] of [
    ['current_password', { password: other }],
    ['current_password', { current_password: 'a wrong guess', password: other }],
    ['password', { current_password: password, password: 'too short' }],
    ['password', { current_password: password, password: 'ann@example.com' }],
    ['password', { current_password: password, password: 'password123' }]
  ] as const) {
    const page = await browser.submit('/settings/password', change)
    t.equal(page.statusCode, 422)
    t.match(page.body, new RegExp(`name="${field}"[^>]*aria-invalid="true"`))
    for (const typed of Object.values(change)) t.notMatch(page.body, `"${typed}"`)
    const json = await browser.api('PATCH', '/api/v1/auth/password', change)
    t.match(json.json(), { statusCode: 400, fields: { [field]: String } })
  }
  t.equal((await visitor().submit('/login', ann)).statusCode, 303)
})

t.test('guesses at the current password are counted, and slowed down like any sign-in', async (t) => {
  const { person, clock } = await startApp(t)
  const browser = await person('Ann')
  const guess = () => browser.submit('/settings/password', { current_password: 'a wrong guess', password: other })
  for (let time = 0; time < 5; time += 1) t.equal((await guess()).statusCode, 422)
  t.match(await guess(), { statusCode: 429, headers: { 'retry-after': '1' } })
  const right = { current_password: password, password: other }
  t.equal((await browser.submit('/settings/password', right)).statusCode, 429, 'not even the right one is looked at')
  clock.pass(1)
  t.equal((await browser.submit('/settings/password', right)).statusCode, 303)
})

t.test('of two changes at once with one current password, one holds', async (t) => {
  const { person, visitor } = await startApp(t)
  const [here, there] = [await person('Ann'), visitor()]
  await there.submit('/login', ann)
  const wishes = ['first unrelated words', 'second unrelated words']
  const answers = await Promise.all(
    [here, there].map((browser, at) =>
      browser.api('PATCH', '/api/v1/auth/password', { current_password: password, password: wishes[at] })
    )
  )
  const statuses = answers.map(({ statusCode }) => statusCode)
  t.equal(statuses.filter((status) => status === 204).length, 1, `${statuses}`)
  const kept = wishes[statuses.indexOf(204)] as string
  t.equal((await visitor().submit('/login', { ...ann, password: kept })).statusCode, 303)
})

t.test('whoever has no password yet sets one right after a sign-in, and not later', async (t) => {
  const { app, clock, person, visitor } = await startApp(t)
  const browser = await person('Ann')
  await app.db.updateTable('accounts').set({ password_hash: null }).execute()
  t.notMatch((await browser.open('/settings/password')).body, 'Current password')
  clock.pass(601)
  for (const given of [{}, { current_password: password }] as Record<string, string>[]) {
    const late = await browser.submit('/settings/password', { ...given, password: other })
    t.match(late, { statusCode: 422, body: /Sign out and in again first/ })
  }
  const json = await browser.api('PATCH', '/api/v1/auth/password', { password: other })
  t.match(json.json(), { statusCode: 401, code: 'SIGN_IN_AGAIN' })
  clock.pass(-1)
  t.equal((await browser.submit('/settings/password', { password: other })).statusCode, 303)
  t.equal((await visitor().submit('/login', { ...ann, password: other })).statusCode, 303)
})

t.test('an account without a password lets nobody in by one, and says it like any other', async (t) => {
  const { app, person, visitor } = await startApp(t)
  await person('Ann')
  await person('Bob')
  await app.db.updateTable('accounts').set({ password_hash: null }).where('username', '=', 'ann').execute()
  const tries = async (email: string) =>
    seen(await visitor().api('POST', '/api/v1/auth/login', { email, password: other }))
  t.same(await tries('ann@example.com'), await tries('bob@example.com'))
})
