import t, { type Test } from 'tap'
import type { Browser } from '../support/browser.ts'
import { type Carrel, settingsFor, startApp } from '../support/carrel.ts'

type Credentials = { instance_id: string; instance_password: string }

const about = {
  upload_name: 'A loader',
  email: 'loader@example.com',
  description: 'It uploads what the scanner reads.',
  tags: { model_name: 'reader-7b', is_cot: true, document_count: 12 }
}

const registers = async (who: Browser, wish: object = {}): Promise<Credentials> =>
  (await who.api('POST', '/api/v1/instances', { ...about, ...wish })).json()

const basic = ({ instance_id, instance_password }: Credentials) =>
  `Basic ${Buffer.from(`${instance_id}:${instance_password}`).toString('base64')}`

const asProgram =
  ({ app }: Carrel, credentials: Credentials) =>
  (method: 'GET' | 'POST' | 'DELETE' | 'PATCH', url: string, payload?: object) =>
    app.inject({ method, url, headers: { authorization: basic(credentials) }, ...(payload && { payload }) })

async function scene(t: Test) {
  const carrel = await startApp(t)
  const ann = await carrel.person('Ann')
  return { carrel, ann, flat: await ann.makesWorkspace('The flat') }
}

t.test('a program is registered, shows its password once, and works in its workspace', async (t) => {
  const { carrel, ann, flat } = await scene(t)
  const answer = await ann.api('POST', '/api/v1/instances', { ...about, workspace_id: flat })
  t.equal(answer.statusCode, 201)
  t.same(Object.keys(answer.json()).sort(), ['instance_id', 'instance_password'])
  const made: Credentials = answer.json()
  t.match(made.instance_password, /^[\w-]{43}$/)

  const profile = (await ann.open(`/api/v1/instances/${made.instance_id}`)).json()
  t.match(profile, { ...about, workspace_id: flat, disabled_at: null })
  t.notMatch(JSON.stringify(profile), made.instance_password)
  t.match((await ann.open(`/settings/instances/${made.instance_id}`)).body, 'It uploads what the scanner reads.')

  const ask = asProgram(carrel, made)
  const added = await ask('POST', '/api/v1/documents', {
    workspace_id: flat,
    title: 'Scan',
    text: 'The boiler is new.'
  })
  t.equal(added.statusCode, 201)
  await carrel.app.reading.done()
  t.match((await ask('GET', `/api/v1/search?workspace_id=${flat}&q=boiler`)).json().items[0].text, 'boiler')
  t.equal((await ann.open(`/api/v1/documents/${added.json().id}`)).statusCode, 200)
})

t.test("it is registered for its owner's room where no workspace is named", async (t) => {
  const { carrel, ann } = await scene(t)
  const { room } = await ann.me()
  const ask = asProgram(carrel, await registers(ann))
  t.match((await ask('GET', '/api/v1/workspaces')).json().items, [{ id: room.roomId }])
})

t.test('it reaches nothing but its workspace, and of the chats there only those it began', async (t) => {
  const { carrel, ann, flat } = await scene(t)
  const other = await ann.makesWorkspace('The office')
  const document = await ann.puts(other, 'Plan', 'The move is in May.')
  await ann.puts(flat, 'Boiler', 'The boiler was put in new in May.')
  await ann.api('POST', '/api/v1/memories', { text: 'I like the boiler to be off in May.' })
  const hers = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat, title: 'Hers' })).json().id
  const ask = asProgram(carrel, await registers(ann, { workspace_id: flat }))
  const rival = asProgram(carrel, await registers(ann, { workspace_id: flat }))

  for (const url of [
    `/api/v1/workspaces/${other}`,
    `/api/v1/documents/${document}`,
    `/api/v1/search?workspace_id=${other}&q=move`,
    `/api/v1/chats/${hers}`,
    `/api/v1/chats/${hers}/messages`
  ]) {
    t.equal((await ask('GET', url)).statusCode, 404, url)
  }
  const its = (await ask('POST', '/api/v1/chats', { workspace_id: flat, title: 'Its own' })).json().id
  const { answer } = (
    await ask('POST', `/api/v1/chats/${its}/messages`, { content: 'When was the boiler put in?' })
  ).json()
  t.match(answer.content, 'in May')
  t.same(answer.memories, [])
  t.same(
    (await ask('GET', '/api/v1/chats')).json().items.map(({ id }: { id: string }) => id),
    [its]
  )
  t.equal((await rival('GET', `/api/v1/chats/${its}`)).statusCode, 404)
  t.same((await rival('GET', `/api/v1/chats?workspace_id=${flat}`)).json().items, [])
  t.equal((await ann.open(`/api/v1/chats/${its}`)).statusCode, 200, 'its owner sees them all')

  for (const [method, url] of [
    ['GET', '/api/v1/memories'],
    ['GET', '/api/v1/tags'],
    ['GET', '/api/v1/auth/me'],
    ['GET', '/api/v1/username'],
    ['GET', '/api/v1/instances'],
    ['GET', '/api/v1/api-keys'],
    ['GET', '/api/v1/sessions'],
    ['POST', '/api/v1/workspaces'],
    ['DELETE', `/api/v1/workspaces/${flat}`],
    ['GET', `/api/v1/workspaces/${flat}/members`]
  ] as const) {
    t.equal((await ask(method, url)).statusCode, 403, `${method} ${url}`)
  }
})

t.test('what is wrong with a registration is told in the words that programs know', async (t) => {
  const { ann } = await scene(t)
  for (const [wish, field] of [
    [{ upload_name: '' }, 'upload_name'],
    [{ upload_name: undefined }, 'upload_name'],
    [{ email: 'nobody' }, 'email'],
    [{ tags: undefined }, 'tags'],
    [{ tags: { ...about.tags, document_count: -1 } }, 'tags']
  ] as const) {
    const answer = await ann.api('POST', '/api/v1/instances', { ...about, ...wish })
    t.equal(answer.statusCode, 400)
    t.match(answer.json(), { statusCode: 400, code: 400, message: 'Failed to register upload instance' })
    t.ok(answer.json().fields[field], field)
  }
})

t.test('there is a limit to how many programs one keeps apart, by page and by API', async (t) => {
  const { ann } = await scene(t)
  for (let made = 0; made < 97; made += 1) await registers(ann)
  const atOnce = await Promise.all([1, 2, 3, 4, 5, 6].map(() => ann.api('POST', '/api/v1/instances', about)))
  t.equal(atOnce.filter(({ statusCode }) => statusCode === 201).length, 3, 'also for several at once')
  const answer = await ann.api('POST', '/api/v1/instances', about)
  t.match(answer.json(), { statusCode: 409, code: 'FULL', message: /You have 100 programs registered/ })
  const page = await ann.submit('/settings/instances', { upload_name: 'One more' })
  t.match(page, { statusCode: 409, body: /You have 100 programs registered\. Delete one first\./ })
  const { items } = (await ann.open('/api/v1/instances?limit=1')).json()
  await ann.api('DELETE', `/api/v1/instances/${items[0].id}`)
  t.equal((await ann.api('POST', '/api/v1/instances', about)).statusCode, 201)
})

t.test('what could not be read at all is told in these words as well', async (t) => {
  const { ann } = await scene(t)
  const given = { 'content-type': 'application/json' }
  for (const body of ['{', '"text"', 'null', '']) {
    const answer = await ann.request('POST', '/api/v1/instances', body, given)
    t.equal(answer.statusCode, 400, body)
    const told = { statusCode: 400, code: 400, message: 'Failed to register upload instance', reason: String }
    t.match(answer.json(), told, body)
  }
})

t.test('only who may add to a workspace registers a program for it', async (t) => {
  const { carrel, ann, flat } = await scene(t)
  const [bob, cleo] = [await carrel.person('Bob'), await carrel.person('Cleo')]
  const tries = async (who: Browser) =>
    (await who.api('POST', '/api/v1/instances', { ...about, workspace_id: flat })).statusCode
  t.equal(await tries(bob), 404)
  await bob.accepts(await ann.invites(flat, 'viewer'))
  t.equal(await tries(bob), 403)
  await cleo.accepts(await ann.invites(flat, 'editor'))
  const { instance_id, instance_password } = await registers(cleo, { workspace_id: flat })
  const ask = asProgram(carrel, { instance_id, instance_password })
  t.equal((await ask('GET', `/api/v1/workspaces/${flat}`)).statusCode, 200)

  const id = (await cleo.me()).id
  await ann.api('PATCH', `/api/v1/workspaces/${flat}/members/${id}`, { role: 'viewer' })
  t.equal((await ask('POST', '/api/v1/documents', { workspace_id: flat, text: 'A text.' })).statusCode, 403)
  await ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${id}`)
  t.equal((await ask('GET', `/api/v1/workspaces/${flat}`)).statusCode, 404, 'its owner has no place there any more')
  t.same((await ask('GET', '/api/v1/documents')).json().items, [])
})

t.test('whoever was put out of a workspace is not told by a program there what it is called now', async (t) => {
  const { carrel, ann, flat } = await scene(t)
  const bob = await carrel.person('Bob')
  await bob.accepts(await ann.invites(flat, 'editor'))
  const made = await registers(bob, { workspace_id: flat })
  const at = `/api/v1/instances/${made.instance_id}`
  t.match((await bob.open(at)).json(), { workspace_id: flat, workspace_name: 'The flat' })

  await ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${(await bob.me()).id}`)
  await ann.api('PATCH', `/api/v1/workspaces/${flat}`, { name: 'The divorce' })
  t.match((await bob.open(at)).json(), { workspace_id: flat, workspace_name: null })
  t.equal((await bob.api('PATCH', at, { description: 'Still mine.' })).statusCode, 200)
  for (const url of [at, '/api/v1/instances', '/settings/instances', `/settings/instances/${made.instance_id}`]) {
    const answer = await bob.open(url)
    t.equal(answer.statusCode, 200)
    t.notMatch(answer.body, 'The divorce', url)
  }
  t.same((await asProgram(carrel, made)('GET', '/api/v1/workspaces')).json().items, [], 'and the program opens nothing')
})

t.test('a wrong password, a disabled program, another password and a deleted one are shut out at once', async (t) => {
  const { carrel, ann, flat } = await scene(t)
  const made = await registers(ann, { workspace_id: flat })
  const url = `/settings/instances/${made.instance_id}`
  const comesIn = async (credentials = made) =>
    (await asProgram(carrel, credentials)('GET', '/api/v1/workspaces')).statusCode
  t.equal(await comesIn(), 200)
  for (const wrong of [
    { ...made, instance_password: `${made.instance_password}x` },
    { ...made, instance_password: '' },
    { ...made, instance_id: flat },
    { ...made, instance_id: 'ann' },
    { instance_id: 'ann@example.com', instance_password: 'four unrelated words' }
  ]) {
    t.equal(await comesIn(wrong), 401, JSON.stringify(wrong))
  }

  await ann.submit(`${url}/disable`)
  t.equal(await comesIn(), 401)
  t.match((await ann.open(url)).body, 'Disabled')
  await ann.submit(`${url}/enable`)
  t.equal(await comesIn(), 200)

  await ann.submit(`${url}/rotate`)
  t.equal(await comesIn(), 401)
  const [, instance_password = ''] = /id="secret" readonly value="([^"]+)"/.exec((await ann.open(url)).body) ?? []
  t.equal(await comesIn({ ...made, instance_password }), 200)
  t.notMatch((await ann.open(url)).body, instance_password, 'it is shown this once')

  const disabled = (at: string | null) =>
    carrel.app.db.updateTable('accounts').set({ disabled_at: at }).where('username', '=', 'ann').execute()
  await disabled(carrel.clock.now().toISOString())
  t.equal(await comesIn({ ...made, instance_password }), 401)
  await disabled(null)
  const chat = await asProgram(carrel, { ...made, instance_password })('POST', '/api/v1/chats', { workspace_id: flat })
  await ann.submit(`${url}/delete`)
  t.equal(await comesIn({ ...made, instance_password }), 401)
  t.equal((await ann.open(`/api/v1/chats/${chat.json().id}`)).statusCode, 200, 'what it began stays')
})

t.test('a new secret shuts out no program that comes by while the one before stands behind it', async (t) => {
  const settings = await settingsFor(t)
  const start = (...keys: string[]) => startApp(t, { ...settings, SECRET_KEY: keys.join(',') })
  const [older, newer] = ['o'.repeat(32), 'n'.repeat(32)] as const
  const first = await start(older)
  const ann = await first.person('Ann')
  const [comes, stays] = [await registers(ann), await registers(ann)]
  const knows = async (carrel: Carrel, one: Credentials) =>
    (await asProgram(carrel, one)('GET', '/api/v1/workspaces')).statusCode
  await first.app.close()

  const changing = await start(newer, older)
  t.equal(await knows(changing, comes), 200)
  t.equal(await knows(changing, comes), 200)
  t.equal(await knows(changing, { ...comes, instance_password: stays.instance_password }), 401)
  await changing.app.close()

  const changed = await start(newer)
  t.equal(await knows(changed, comes), 200, 'its password is kept under the new secret since')
  t.equal(await knows(changed, stays), 401)
})

t.test('its page changes what it says of itself, and keeps what was typed when something is wrong', async (t) => {
  const { ann } = await scene(t)
  const { instance_id } = await registers(ann)
  const url = `/settings/instances/${instance_id}`
  const typed = { upload_name: 'Renamed', email: '', description: 'Anew.', model_name: 'm', document_count: '7' }
  t.equal((await ann.submit(url, typed)).statusCode, 303)
  t.match((await ann.open(`/api/v1/instances/${instance_id}`)).json(), {
    upload_name: 'Renamed',
    email: null,
    description: 'Anew.',
    tags: { model_name: 'm', is_cot: false, document_count: 7 }
  })
  const refused = await ann.submit(url, { ...typed, document_count: 'many' })
  t.equal(refused.statusCode, 422)
  t.match(refused.body, /value="many"[\s\S]*Type a whole number\./)
  t.equal((await ann.api('PATCH', `/api/v1/instances/${instance_id}`, { tags: {} })).statusCode, 400)
  t.equal((await ann.api('PATCH', `/api/v1/instances/${instance_id}`, { password_hash: 'x' })).statusCode, 400)
})

t.test('what it does is told in the audit as its own, and its last use is kept', async (t) => {
  const { carrel, ann, flat } = await scene(t)
  const made = await registers(ann, { workspace_id: flat })
  await asProgram(carrel, made)('POST', '/api/v1/documents', { workspace_id: flat, text: 'A text.' })
  const event = await carrel.app.db
    .selectFrom('audit_events')
    .selectAll()
    .where('event', '=', 'document.added')
    .executeTakeFirstOrThrow()
  t.match(JSON.parse(event.detail), { instance: made.instance_id })
  t.match((await ann.open(`/api/v1/instances/${made.instance_id}`)).json(), {
    last_used_at: carrel.clock.now().toISOString(),
    last_used_address: '127.0.0.1'
  })
  const row = await carrel.app.db.selectFrom('instances').selectAll().executeTakeFirstOrThrow()
  t.notMatch(JSON.stringify(row), made.instance_password)
})

t.test('the password of a program opens no page and excuses no foreign origin unless it is right', async (t) => {
  const { carrel, ann, flat } = await scene(t)
  const made = await registers(ann, { workspace_id: flat })
  const page = await asProgram(carrel, made)('GET', '/workspaces')
  t.match([page.statusCode, page.headers.location], [303, '/login?next=%2Fworkspaces'])
  const post = (authorization: string) =>
    carrel.app.inject({
      method: 'POST',
      url: '/api/v1/chats',
      headers: { authorization, 'sec-fetch-site': 'cross-site' },
      payload: { workspace_id: flat }
    })
  t.equal((await post(basic(made))).statusCode, 201)
  t.equal((await post(basic({ ...made, instance_password: 'x' }))).statusCode, 403)
})
