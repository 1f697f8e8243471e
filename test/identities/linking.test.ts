import t, { type Test } from 'tap'
import type { Browser } from '../support/browser.ts'
import { password, startApp } from '../support/carrel.ts'
import { addressIn, goThere, type Provider, startProvider } from '../support/identity-provider.ts'

const wrong = 'a guess at her password'
const annThere = { sub: 'a22', email: 'ann@example.com', email_verified: true, given_name: 'Ann' }
const bobThere = { sub: 'b0b', email: 'bob@example.com', email_verified: true, given_name: 'Bob' }

async function withAnn(t: Test, settings: Record<string, string> = {}) {
  const provider = await startProvider(t)
  const carrel = await startApp(t, { ...provider.settings, ...settings })
  return { ...carrel, provider, ann: await carrel.person('Ann') }
}

const isIn = async (browser: Browser) => (await browser.open('/workspaces')).statusCode === 200
const linkOf = async (browser: Browser) =>
  /action="(\/settings\/identities\/[^"]+)"/.exec((await browser.open('/settings/password')).body)?.[1] as string

/** Comes back from there with the email of an account, and is asked for its password. */
async function isAsked(t: Test, browser: Browser, provider: Provider, next?: string) {
  const answer = await goThere(browser, provider, annThere, {}, next)
  t.match(answer, { statusCode: 303, headers: { location: '/login/link' } })
  return browser.open('/login/link')
}

t.test('an account of that address is joined only by its password, and then opens by itself', async (t) => {
  const { ann, app, visitor, provider } = await withAnn(t)
  const browser = visitor()
  const page = await isAsked(t, browser, provider, '/tasks')
  t.match(page.body, /You have a desk already.*ann@example\.com.*the Library/s)
  t.equal(await isIn(browser), false, 'nobody is signed in by having the address')
  t.same(await app.db.selectFrom('identities').selectAll().execute(), [])

  const answer = await browser.submit('/login/link', { password })
  t.match(answer, { statusCode: 303, headers: { location: '/tasks' } })
  t.equal((await browser.me()).id, (await ann.me()).id)
  const later = visitor()
  t.match(await goThere(later, provider, annThere), { statusCode: 303, headers: { location: '/' } })
  t.equal((await later.me()).id, (await ann.me()).id)
  t.equal((await browser.submit('/login/link', { password })).headers.location, '/login', 'it works once')
})

t.test('a wrong password joins nothing, says what a sign-in says, and is slowed down like one', async (t) => {
  const { app, visitor, provider } = await withAnn(t)
  const browser = visitor()
  await isAsked(t, browser, provider)
  const guess = () => browser.submit('/login/link', { password: wrong })
  for (let time = 0; time < 5; time += 1) {
    t.match(await guess(), { statusCode: 422, body: /You have a desk already.*Email or password is incorrect/s })
  }
  t.match(await guess(), { statusCode: 429, headers: { 'retry-after': '1' } })
  const login = await visitor().submit('/login', { email: 'ann@example.com', password: wrong })
  t.equal(login.statusCode, 429, 'and these count as guesses at the sign-in')
  t.same(await app.db.selectFrom('identities').selectAll().execute(), [])
  t.equal(await isIn(browser), false)
})

t.test('that page is only for the browser that came back, and for ten minutes', async (t) => {
  const { clock, visitor, provider } = await withAnn(t)
  const browser = visitor()
  await isAsked(t, browser, provider)
  const other = visitor()
  t.match(await other.open('/login/link'), { statusCode: 303, headers: { location: '/login' } })
  t.equal((await other.submit('/login/link', { password })).headers.location, '/login')
  other.cookies.set('unlinked_identity', 'A'.repeat(43))
  t.equal((await other.submit('/login/link', { password })).headers.location, '/login')
  clock.pass(600)
  t.equal((await browser.submit('/login/link', { password })).headers.location, '/login')
  t.equal(await isIn(browser), false)
})

t.test('of two who enter the password at once in one browser, both are in and there is one link', async (t) => {
  const { app, visitor, provider } = await withAnn(t)
  const browser = visitor()
  await isAsked(t, browser, provider)
  const answers = await Promise.all([1, 2].map(() => browser.submit('/login/link', { password })))
  t.ok(answers.some(({ headers }) => headers.location === '/'))
  t.notOk(answers.some(({ statusCode }) => statusCode >= 500))
  t.equal((await app.db.selectFrom('identities').selectAll().execute()).length, 1)
})

t.test('an account without a password is not joined by its address alone', async (t) => {
  const { ann, app, visitor, provider } = await withAnn(t)
  await app.db.updateTable('accounts').set({ password_hash: null }).execute()
  const browser = visitor()
  const page = await isAsked(t, browser, provider)
  t.match(page.body, 'the way you did before')
  t.notMatch(page.body, 'name="password"')
  t.equal((await browser.submit('/login/link', { password })).statusCode, 422)
  t.equal(await isIn(browser), false)
  t.equal(await isIn(ann), true)
})

t.test('a disabled account is not joined, even by its password', async (t) => {
  const { app, visitor, provider } = await withAnn(t)
  await app.db.updateTable('accounts').set({ disabled_at: new Date().toISOString() }).execute()
  const browser = visitor()
  await isAsked(t, browser, provider)
  t.equal((await browser.submit('/login/link', { password })).statusCode, 422)
  t.same(await app.db.selectFrom('identities').selectAll().execute(), [])
})

t.test('somebody signed in links a sign-in there to their desk, whatever its address', async (t) => {
  const { ann, visitor, provider } = await withAnn(t)
  t.match((await ann.open('/settings/password')).body, /the Library<\/b>.*Not linked.*href="\/login\/with\/oidc"/s)
  t.match((await ann.open('/login/with/oidc')).body, 'it opens this desk')
  const answer = await goThere(ann, provider, { ...annThere, email: 'a@work.example', email_verified: false })
  t.match(answer, { statusCode: 303, headers: { location: '/settings/password' } })
  t.match((await ann.open('/settings/password')).body, /You can sign in that way.*the Library.*a@work\.example/s)

  const browser = visitor()
  await goThere(browser, provider, annThere)
  t.equal((await browser.me()).id, (await ann.me()).id)
})

t.test('a browser left signed in for a while cannot be given another way in', async (t) => {
  const { ann, app, clock, provider } = await withAnn(t)
  clock.pass(601)
  t.match(await ann.submit('/login/with/oidc'), { statusCode: 422, body: /Sign out and in again first/ })
  t.same(provider.asked, [])
  t.same(await app.db.selectFrom('sign_in_attempts').selectAll().execute(), [])
})

t.test('what was begun for one person links nothing to another, nor to nobody', async (t) => {
  const { ann, app, person, provider } = await withAnn(t)
  for (const becomes of ['nobody', 'Bob']) {
    const address = addressIn(await ann.submit('/login/with/oidc'))
    await ann.submit('/logout')
    if (becomes === 'Bob') {
      const bob = await person('Bob')
      ann.cookies.set('session_id', bob.cookies.get('session_id') as string)
    }
    t.match(await ann.open(provider.sendsBack(address, annThere)), { statusCode: 422, body: /no longer signed in/ })
    t.same(await app.db.selectFrom('identities').selectAll().execute(), [])
    await ann.submit('/login', { email: 'ann@example.com', password })
  }
})

t.test('what opens one desk cannot be linked to another', async (t) => {
  const { ann, person, visitor, provider } = await withAnn(t)
  const bob = await person('Bob')
  await goThere(bob, provider, bobThere)
  const answer = await goThere(ann, provider, bobThere)
  t.match(answer, { statusCode: 422, body: /How you sign in.*belongs to another desk/s })
  t.notMatch(answer.body, 'bob@')
  const browser = visitor()
  await goThere(browser, provider, bobThere)
  t.equal((await browser.me()).id, (await bob.me()).id)
})

t.test('one desk has one sign-in of each provider, and linking it again changes nothing', async (t) => {
  const { ann, app, provider } = await withAnn(t)
  await goThere(ann, provider, annThere)
  t.equal((await goThere(ann, provider, annThere)).statusCode, 303)
  t.match(await goThere(ann, provider, { ...annThere, sub: 'another' }), { statusCode: 422, body: /Unlink that one/ })
  const rows = await app.db.selectFrom('identities').select('subject').execute()
  t.same(rows, [{ subject: 'a22' }])
})

t.test('whoever unlinks it can no longer come in by it', async (t) => {
  const { ann, visitor, provider } = await withAnn(t)
  await goThere(ann, provider, annThere)
  const link = await linkOf(ann)
  t.match(await ann.submit(link), { statusCode: 303, headers: { location: '/settings/password' } })
  const browser = visitor()
  t.equal((await goThere(browser, provider, annThere)).headers.location, '/login/link')
  t.equal(await isIn(browser), false)
  t.equal((await ann.submit(link)).statusCode, 404)
})

t.test('the only way in stays, until there is a password', async (t) => {
  const { visitor, provider, app } = await withAnn(t)
  const bob = visitor()
  await goThere(bob, provider, bobThere)
  const link = await linkOf(bob)
  t.match(await bob.submit(link), { statusCode: 409, body: /How you sign in.*only way in/s })
  t.equal((await app.db.selectFrom('identities').selectAll().execute()).length, 1)

  t.match((await bob.open('/settings/password')).body, 'Set a password')
  t.equal((await bob.submit('/settings/password', { password })).statusCode, 303)
  t.equal((await bob.submit(link)).statusCode, 303)
  t.equal((await visitor().submit('/login', { email: 'bob@example.com', password })).statusCode, 303)
})

t.test('a sign-in of a provider that is no longer set is no way in', async (t) => {
  const { visitor, provider, app } = await withAnn(t)
  const bob = visitor()
  await goThere(bob, provider, bobThere)
  const { account_id, created_at } = await app.db.selectFrom('identities').selectAll().executeTakeFirstOrThrow()
  const old = { id: '01900000-0000-7000-8000-000000000000', account_id, issuer: 'https://gone.example/', subject: 'x' }
  await app.db
    .insertInto('identities')
    .values({ ...old, email: null, created_at, last_used_at: created_at })
    .execute()
  const page = (await bob.open('/settings/password')).body
  t.match(page, 'https://gone.example/')
  const links = [...page.matchAll(/action="(\/settings\/identities\/[^"]+)"/g)].map(([, link]) => link as string)
  const current = links.find((link) => !link.includes(old.id)) as string
  t.equal((await bob.submit(current)).statusCode, 409)
  t.equal((await bob.submit(`/settings/identities/${old.id}/unlink`)).statusCode, 303)
})

t.test('of two ways in that are closed at once, one stays', async (t) => {
  const google = { GOOGLE_CLIENT_ID: 'x', GOOGLE_CLIENT_SECRET: 'y' }
  const { visitor, provider, app } = await withAnn(t, google)
  const bob = visitor()
  await goThere(bob, provider, bobThere)
  const { account_id, created_at } = await app.db.selectFrom('identities').selectAll().executeTakeFirstOrThrow()
  const id = '01900000-0000-7000-8000-000000000000'
  const other = { id, account_id, issuer: 'https://accounts.google.com/', subject: 'x', email: null }
  await app.db
    .insertInto('identities')
    .values({ ...other, created_at, last_used_at: created_at })
    .execute()
  const rows = await app.db.selectFrom('identities').select('id').execute()
  const answers = await Promise.all(rows.map((row) => bob.submit(`/settings/identities/${row.id}/unlink`)))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [303, 409])
  t.equal((await app.db.selectFrom('identities').selectAll().execute()).length, 1)
})

t.test("nobody closes another person's way in", async (t) => {
  const { ann, person, provider, app } = await withAnn(t)
  await goThere(ann, provider, annThere)
  const bob = await person('Bob')
  t.equal((await bob.submit(await linkOf(ann))).statusCode, 404)
  t.notMatch((await bob.open('/settings/password')).body, 'ann@example.com')
  t.equal((await app.db.selectFrom('identities').selectAll().execute()).length, 1)
})
