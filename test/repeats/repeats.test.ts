import fc from 'fast-check'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { newId } from '../../src/ids.ts'
import { sealing } from '../../src/repeats/sealing.ts'
import { type Claim, repeatsOf } from '../../src/repeats/store.ts'
import { purgeExpired } from '../../src/sessions/purge.ts'
import { Browser } from '../support/browser.ts'
import { password, settingsFor, startApp } from '../support/carrel.ts'
import { filesWith } from '../support/files.ts'
import { dictated, says, startModelServer } from '../support/model-server.ts'

const events = { accept: 'text/event-stream' }
const lease = 'The Landlord shall keep in repair the installations for heating.'
const question = { content: 'Who repairs the heating?' }
const day = 24 * 3600

const sends = (browser: Browser, key: string, path: string, body: object, headers = {}) =>
  browser.request('POST', `/api/v1${path}`, body, { 'idempotency-key': key, ...headers })

async function names(browser: Browser) {
  const { items } = (await browser.open('/api/v1/workspaces?limit=100')).json()
  return items.map(({ name }: { name: string }) => name).filter((name: string) => !name.endsWith('Room'))
}

t.test('what is sent twice is made once and answered twice', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const workspace_id = await ann.makesWorkspace('Home')
  const made: Record<string, object> = {
    '/workspaces': { name: 'Flat' },
    '/invites': { workspace_id, role: 'viewer' },
    '/chats': { workspace_id, title: 'Leases' },
    '/tags': { name: 'home' },
    '/memories': { text: 'I rent a flat.' },
    '/prompts': { title: 'Rent', text: 'When is the rent due?' },
    '/documents': { workspace_id, title: 'Lease', text: lease }
  }
  for (const [path, body] of Object.entries(made)) {
    const one = await sends(ann, `key of ${path}`, path, body)
    t.match(one, { statusCode: 201, headers: { 'idempotency-replayed': undefined } }, path)
    const two = await sends(ann, `key of ${path}`, path, body)
    t.match(two, { statusCode: 201, body: one.body, headers: { 'idempotency-replayed': 'true' } }, path)
    t.equal(two.headers['content-type'], one.headers['content-type'])
    t.equal(two.headers.location, one.headers.location)
    t.equal(two.headers['cache-control'], 'no-store')
  }
  const lists = { invites: 1, chats: 1, tags: 1, memories: 1, prompts: 1, documents: 1 }
  for (const [list, count] of Object.entries(lists)) {
    t.equal((await ann.open(`/api/v1/${list}`)).json().items.length, count, list)
  }
})

t.test('twenty at once with one key make one thing, and all hear of the same', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => sends(ann, 'one', '/workspaces', { name: 'Flat' }))
  )
  t.same(await names(ann), ['Flat'])
  const first = answers.filter(({ statusCode, headers }) => statusCode === 201 && !headers['idempotency-replayed'])
  t.equal(first.length, 1)
  for (const { statusCode, headers, body, json } of answers) {
    if (statusCode === 201) t.equal(body, first[0]?.body)
    else t.match([headers['retry-after'], json()], ['1', { statusCode: 409, code: 'IDEMPOTENCY_IN_PROGRESS' }])
  }
  t.equal((await sends(ann, 'one', '/workspaces', { name: 'Flat' })).body, first[0]?.body)
})

t.test('without the header nothing is kept, and every request is one of its own', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  await ann.makesWorkspace('Flat')
  await ann.makesWorkspace('Flat')
  t.same(await names(ann), ['Flat', 'Flat'])
  t.same(await app.db.selectFrom('idempotency_keys').selectAll().execute(), [])
})

t.test('a key that came with another body or to another place is refused, and makes nothing', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  await sends(ann, 'k', '/workspaces', { name: 'Flat' })
  for (const [path, body] of [
    ['/workspaces', { name: 'Other' }],
    ['/workspaces', { name: 'Flat', description: '' }],
    ['/workspaces?x=1', { name: 'Flat' }],
    ['/tags', { name: 'Flat' }]
  ] as const) {
    const answer = await sends(ann, 'k', path, body)
    t.match(answer.json(), { statusCode: 422, code: 'IDEMPOTENCY_MISMATCH' }, path)
    t.notOk(answer.headers['idempotency-replayed'])
  }
  t.same(await names(ann), ['Flat'])
  t.same((await ann.open('/api/v1/tags')).json().items, [])
})

t.test('a refusal frees the key, for the same or for another try', async (t) => {
  const { app, person } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  t.equal((await sends(ann, 'k', '/workspaces', { name: '' })).statusCode, 400)
  t.equal((await sends(ann, 'k', '/invites', { workspace_id: newId(), role: 'viewer' })).statusCode, 404)
  await ann.api('POST', '/api/v1/tags', { name: 'home' })
  t.equal((await sends(ann, 'k', '/tags', { name: 'home' })).statusCode, 409)
  t.equal((await sends(ann, 'k', '/tags', { name: 'home' })).json().code, 'TAG_EXISTS')

  const flat = await bob.makesWorkspace('Flat')
  const chat = { workspace_id: flat }
  t.equal((await sends(ann, 'k', '/chats', chat)).statusCode, 404)
  await ann.accepts(await bob.invites(flat, 'viewer'))
  t.match(await sends(ann, 'k', '/chats', chat), { statusCode: 201, headers: { 'idempotency-replayed': undefined } })

  await app.db.schema.alterTable('tags').renameTo('elsewhere').execute()
  t.equal((await sends(ann, 'fault', '/tags', { name: 'new' })).statusCode, 500)
  await app.db.schema
    .alterTable('elsewhere' as never)
    .renameTo('tags')
    .execute()
  t.equal((await sends(ann, 'fault', '/tags', { name: 'new' })).statusCode, 201)
})

t.test('a key is 1 to 255 characters of printable ASCII', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  for (const key of ['', ' ', 'x'.repeat(256), 'caf\u00e9', 'a\tb', '\u0080']) {
    const answer = await sends(ann, key, '/workspaces', { name: 'Flat' })
    t.match(answer.json(), { statusCode: 400, code: 'INVALID', message: /Idempotency-Key/ }, JSON.stringify(key))
  }
  t.same(await names(ann), [])
  const key = fc.string({ unit: fc.constantFrom(...Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n))) })
  await fc.assert(
    fc.asyncProperty(key, async (some) => {
      const one = await sends(ann, `k${some}`.slice(0, 255), '/workspaces', { name: 'Flat' })
      const two = await sends(ann, `k${some}`.slice(0, 255), '/workspaces', { name: 'Flat' })
      return one.statusCode === 201 && two.body === one.body
    }),
    { numRuns: 20 }
  )
})

t.test('the same key of another person, or by another way in, is another key', async (t) => {
  const { person, visitor } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const flat = { name: 'Flat' }
  const anns = await sends(ann, 'k', '/workspaces', flat)
  const bobs = await sends(bob, 'k', '/workspaces', flat)
  t.match(bobs, { statusCode: 201, headers: { 'idempotency-replayed': undefined } })
  t.not(bobs.json().id, anns.json().id)
  const { access_token } = (await visitor().api('POST', '/api/v1/auth/login', { username: 'ann', password })).json()
  const bearer = { authorization: `Bearer ${access_token}` }
  const another = await sends(visitor(), 'k', '/workspaces', flat, bearer)
  t.match(another, { statusCode: 201, headers: { 'idempotency-replayed': undefined } })
  t.equal((await sends(visitor(), 'k', '/workspaces', flat)).statusCode, 401, 'and nobody learns nothing by it')
  t.equal((await sends(visitor(), '', '/workspaces', flat)).statusCode, 401)
  const login = await sends(visitor(), 'k', '/auth/login', { username: 'ann', password })
  t.equal(login.statusCode, 200, 'signing in makes nothing')
})

t.test('after a day a key is new again, and what was kept is dropped', async (t) => {
  const { app, clock, person } = await startApp(t)
  const ann = await person('Ann')
  const one = await sends(ann, 'k', '/workspaces', { name: 'Flat' })
  clock.pass(day - 1)
  await purgeExpired(app.db, clock.now())
  t.equal((await sends(ann, 'k', '/workspaces', { name: 'Flat' })).body, one.body)
  clock.pass(1)
  t.match(await sends(ann, 'k', '/workspaces', { name: 'Other' }), { statusCode: 201, body: /Other/ })
  clock.pass(day)
  await purgeExpired(app.db, clock.now())
  t.same(await app.db.selectFrom('idempotency_keys').selectAll().execute(), [])
})

t.test('a server that died in the middle holds a key for two minutes', async (t) => {
  const { app, clock, person } = await startApp(t)
  const ann = await person('Ann')
  await sends(ann, 'k', '/workspaces', { name: 'Flat' })
  const soon = new Date(clock.now().getTime() + 120_000).toISOString()
  await app.db.updateTable('idempotency_keys').set({ answer: null, expires_at: soon }).execute()
  clock.pass(119)
  const still = await sends(ann, 'k', '/workspaces', { name: 'Flat' })
  t.match(still, { statusCode: 409, headers: { 'retry-after': '1' } })
  clock.pass(1)
  const again = await sends(ann, 'k', '/workspaces', { name: 'Flat' })
  t.match(again, { statusCode: 201, headers: { 'idempotency-replayed': undefined } })
  t.equal((await sends(ann, 'k', '/workspaces', { name: 'Flat' })).body, again.body)
})

t.test('one who took too long lets go of nothing that another holds by now', async (t) => {
  const { app, clock, person } = await startApp(t)
  const ann = await person('Ann')
  const key = { name: 'n', requestHash: 'r' }
  const repeats = repeatsOf(await ann.me(), app.db)
  const holds = async () => (await repeats.claim(key, clock.now())) as Claim
  const slow = await holds()
  clock.pass(120)
  const quick = await holds()
  await repeats.letGo(slow)
  await repeats.keep(slow, Buffer.from('late'), clock.now())
  t.same(await repeats.claim(key, clock.now()), { request_hash: 'r', answer: null })
  await repeats.keep(quick, Buffer.from('in time'), clock.now())
  await repeats.letGo(slow)
  t.match(await repeats.claim(key, clock.now()), { answer: Buffer.from('in time') })
})

t.test('nothing of a key or of what was answered can be read where it is kept', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  const workspace_id = await ann.makesWorkspace('Flat')
  const key = 'heliotrope-windlass-4711'
  const made = await sends(ann, key, '/invites', { workspace_id, role: 'viewer' })
  const { code } = made.json()
  const again = await sends(ann, key, '/invites', { workspace_id, role: 'viewer' })
  t.equal(again.json().code, code, 'what is shown once is shown to whoever did not hear it')
  for (const secret of [code, key, 'windlass', '/accept-invite?code']) {
    t.same(filesWith(app.config.dataDir, secret), [], secret)
  }
  const [row] = await app.db.selectFrom('idempotency_keys').selectAll().execute()
  const kept = Object.values(row as object).map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : value))
  for (const word of [code, key, 'viewer', 'expires_at', workspace_id]) t.notMatch(kept.join('\n'), word, word)
})

t.test('what is kept opens with the key it came with and no other, and only unchanged', async (t) => {
  const from = { account: 'ann', credential: 's1', key: 'k' }
  const secret = 'x'.repeat(32)
  const answered = { status: 201, body: '{"name":"Flat"}' }
  const one = sealing(secret, from)
  const kept = one.seal(answered)
  t.same(one.open(kept), answered)
  t.same(sealing(secret, from).open(kept), answered)
  t.notSame(one.seal(answered), kept, 'nor do two look the same')
  for (const other of [{ key: 'K' }, { account: 'bob' }, { credential: 's2' }]) {
    const another = sealing(secret, { ...from, ...other })
    t.throws(() => another.open(kept))
    t.not(another.name, one.name)
    t.not(another.requestHash('/a'), one.requestHash('/a'))
  }
  t.throws(() => sealing('y'.repeat(32), from).open(kept))
  for (let at = 0; at < kept.length; at += 1) {
    const changed = Buffer.from(kept)
    changed[at] = (changed[at] as number) ^ 1
    t.throws(() => one.open(changed))
  }
})

t.test('what was kept goes with its account', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  await sends(ann, 'k', '/tags', { name: 'home' })
  const { id } = await ann.me()
  for (const table of ['memberships', 'sessions'] as const) {
    await app.db.deleteFrom(table).where('account_id', '=', id).execute()
  }
  await app.db.deleteFrom('workspaces').execute()
  await app.db.deleteFrom('accounts').where('id', '=', id).execute()
  t.same(await app.db.selectFrom('idempotency_keys').selectAll().execute(), [])
})

t.test('files are refused with a key, and need none', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const workspace_id = await ann.makesWorkspace('Flat')
  const form = new FormData()
  form.set('workspace_id', workspace_id)
  form.append('file', new Blob([lease]), 'lease.txt')
  const encoded = new Response(form)
  const type = encoded.headers.get('content-type') as string
  const body = Buffer.from(await encoded.arrayBuffer())
  const refused = await sends(ann, 'k', '/documents', body, { 'content-type': type })
  t.match(refused.json(), { statusCode: 400, message: /Files need no Idempotency-Key/ })
  for (const status of [201, 200]) {
    const answer = await ann.request('POST', '/api/v1/documents', body, { 'content-type': type })
    t.match(answer, { statusCode: status, body: /lease\.txt/ }, 'the second time it is there already')
  }
  t.equal((await ann.open('/api/v1/documents')).json().items.length, 1)
})

async function annAsking(
  t: Test,
  ...scripts: Parameters<typeof startModelServer> extends [Test, ...infer S] ? S : never
) {
  const model = await startModelServer(t, ...scripts)
  const carrel = await startApp(t, { MODEL_URL: model.url, MODEL_NAME: 'small' })
  const ann = await carrel.person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const document = await ann.puts(flat, 'Lease', lease)
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  const asked = async () => (await ann.open(`/api/v1/chats/${chat}/messages`)).json().items.length
  return { ...carrel, ann, document, chat, asked, path: `/chats/${chat}/messages` }
}

t.test('a question whose connection broke is heard again, not asked again, as JSON and as events', async (t) => {
  const first = dictated()
  const { ann, asked, path } = await annAsking(t, first.script, says('Another answer.'))
  const broken = await ann.listen('POST', `/api/v1${path}`, question, { ...events, 'idempotency-key': 'k' })
  await first.say('The landlord ')
  await broken.until('The landlord')
  broken.leave()

  const stream = await ann.listen('POST', `/api/v1${path}`, question, { ...events, 'idempotency-key': 'k' })
  t.match(stream, { statusCode: 200, headers: { 'idempotency-replayed': 'true', 'content-type': /event-stream/ } })
  await stream.until('The landlord')
  const whole = sends(ann, 'k', path, question)
  await first.say('does [1].')
  await first.end()
  t.match(await stream.rest(), /event: done\ndata: .*The landlord does \[1\]\./)
  t.match(await whole, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
  t.match((await whole).json(), { question, answer: { content: 'The landlord does [1].', status: 'done' } })
  t.equal(await asked(), 1)
  t.equal((await sends(ann, 'k', path, { content: 'Who pays?' })).statusCode, 422)
})

t.test('an answer that is heard again holds nothing of a document deleted since', async (t) => {
  const { app, ann, document, asked, path, chat } = await annAsking(t, says(`He does: “${lease}” [1].`))
  const before = await sends(ann, 'k', path, question)
  t.match(before.json().answer.citations, [{ quote: lease }])
  await ann.api('DELETE', `/api/v1/documents/${document}`)
  for (const accept of [{}, events]) {
    const after = await sends(ann, 'k', path, question, accept)
    t.match(after.headers, { 'idempotency-replayed': 'true' })
    t.match(after.body, before.json().answer.id)
    t.notMatch(after.body, 'in repair the installations')
  }
  t.equal(await asked(), 1)
  t.same(filesWith(app.config.dataDir, 'Idempotency'), [])

  await ann.api('DELETE', `/api/v1/chats/${chat}`)
  t.equal((await sends(ann, 'k', path, question)).statusCode, 404, 'nor anything of a chat that is gone')
})

if (process.env.CARREL_TEST_POSTGRES) {
  t.test('two servers on one database make one thing, too', async (t) => {
    const settings = await settingsFor(t)
    const apps = [await buildApp(readConfig(settings)), await buildApp(readConfig(settings))]
    t.teardown(() => Promise.all(apps.map((app) => app.close())))
    const [here, there] = apps.map((app) => new Browser(app)) as [Browser, Browser]
    await here.submit('/register', { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password })
    for (const [name, value] of here.cookies) there.cookies.set(name, value)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => sends(n % 2 ? here : there, 'one', '/workspaces', { name: 'Flat' }))
    )
    t.same(await names(there), ['Flat'])
    for (const { statusCode } of answers) t.ok([201, 409].includes(statusCode), `${statusCode}`)
    const [one, two] = [
      await sends(here, 'one', '/workspaces', { name: 'Flat' }),
      await sends(there, 'one', '/workspaces', { name: 'Flat' })
    ]
    t.match([one.headers, two.headers], [{ 'idempotency-replayed': 'true' }, { 'idempotency-replayed': 'true' }])
    t.equal(one.body, two.body)
  })
}
