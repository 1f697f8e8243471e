import t from 'tap'
import { type Browser, seen } from '../support/browser.ts'
import { startApp } from '../support/carrel.ts'

const nowhere = '01900000-0000-7000-8000-000000000000'

const names = (answer: { json(): { items: { name: string }[] } }) => answer.json().items.map(({ name }) => name)

t.test('Ann makes a workspace by form and finds herself in it', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  t.match((await ann.open('/workspaces/new')).body, 'action="/workspaces"')

  const made = await ann.submit('/workspaces', { name: '  The flat ', description: 'Lease,\nbills & <keys>' })
  t.equal(made.statusCode, 303)
  const page = await ann.open(made.headers.location as string)
  t.equal(page.statusCode, 200)
  t.match(page.body, '<h1>The flat</h1>')
  t.match(page.body, 'bills &amp; &lt;keys&gt;')
  t.match(page.body, 'Your workspace is ready.')
  t.match(page.body, 'Only you can open this.')
  t.notMatch((await ann.open(made.headers.location as string)).body, 'Your workspace is ready.')
  t.match((await ann.open('/')).body, 'The flat')
})

t.test('the JSON twin answers with the workspace as it was made', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const made = await ann.api('POST', '/api/v1/workspaces', { name: ' The flat ', description: 'Lease' })

  t.equal(made.statusCode, 201)
  t.match(made.json(), { id: String, name: 'The flat', description: 'Lease', role: 'owner', is_room: false })
  t.match(made.json().created_at, /^\d{4}-\d\d-\d\dT.*Z$/)
  t.same((await ann.open(`/api/v1/workspaces/${made.json().id}`)).json(), made.json())
  t.same((await ann.open('/api/v1/workspaces')).json().items[0], made.json())
})

t.test('a workspace without a name, or with one that will not do, is not made', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const form = await ann.submit('/workspaces', { name: '   ', description: 'What I typed' })
  t.equal(form.statusCode, 422)
  t.match(form.body, 'What I typed')
  t.match(form.body, /id="name"[^>]*aria-invalid="true" autofocus/)

  for (const body of [
    {},
    { name: '' },
    { name: 'x'.repeat(301) },
    { name: ['two', 'names'] },
    { name: { $ne: '' } },
    { name: null },
    { name: 'The\u0000flat' },
    { name: 'The\nflat' },
    { name: '\u202egnp.exe' },
    { name: '\ud800' },
    { name: 'Flat', description: 'x'.repeat(2001) },
    { name: 'Flat', description: '\u0000' },
    []
  ]) {
    const answer = await ann.api('POST', '/api/v1/workspaces', body)
    t.match(answer.json(), { statusCode: 400, code: 'INVALID' }, JSON.stringify(body).slice(0, 40))
  }
  t.same(names(await ann.open('/api/v1/workspaces')), ["Ann Arbor's Room"])

  const long = { name: '𝒜'.repeat(300), description: 'x'.repeat(2000) }
  t.match((await ann.api('POST', '/api/v1/workspaces', long)).json(), long, 'up to 300 characters of any script')
})

t.test('nobody becomes the owner of somebody else’s room by saying so', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const bob = await person('Bob')
  const { id } = await bob.me()
  const body = { name: 'Flat', id: nowhere, room_of: id, owner: id, role: 'viewer', created_at: '2001-01-01' }
  const made = (await ann.api('POST', '/api/v1/workspaces', body)).json()

  t.not(made.id, nowhere)
  t.match(made, { is_room: false, role: 'owner' })
  t.notMatch(made.created_at, '2001')
  t.equal((await bob.open(`/api/v1/workspaces/${made.id}`)).statusCode, 404)
})

t.test('workspaces are listed newest first, a page at a time, on pages and in JSON', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  await (await person('Bob')).makesWorkspace('Of Bob')
  for (let number = 1; number <= 24; number += 1) await ann.makesWorkspace(`Number ${number}`)
  const all = [...Array.from({ length: 24 }, (_, index) => `Number ${24 - index}`), "Ann Arbor's Room"]

  const first = await ann.open('/api/v1/workspaces')
  t.same(names(first), all.slice(0, 20))
  const second = await ann.open(`/api/v1/workspaces?cursor=${first.json().next_cursor}`)
  t.same(names(second), all.slice(20))
  t.equal(second.json().next_cursor, null)
  t.same(names(await ann.open('/api/v1/workspaces?limit=25')), all)
  t.equal((await ann.open('/api/v1/workspaces?limit=25')).json().next_cursor, null)
  t.same(names(await ann.open(`/api/v1/workspaces?limit=2&cursor=${first.json().items[0].id}`)), all.slice(1, 3))
  t.same(names(await ann.open('/api/v1/workspaces?cursor=&limit=')), all.slice(0, 20), 'what is empty is not given')

  const page = (await ann.open('/workspaces')).body
  t.match(page, 'Number 24')
  t.match(page, 'Number 5<')
  t.notMatch(page, 'Number 4<')
  const older = /href="(\?cursor=[^"]+)"/.exec(page)?.[1]
  t.match((await ann.open(`/workspaces${older}`)).body, 'Number 4<')
  t.match((await ann.open('/')).body, new RegExp(`href="/workspaces\\${older}"`), 'the desk shows where they go on')
})

t.test('a list gives from one to a hundred, and says so to whoever asks for another number', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  await ann.makesWorkspace('Flat')

  t.equal((await ann.open('/api/v1/workspaces?limit=1')).json().items.length, 1)
  t.equal((await ann.open('/api/v1/workspaces?limit=100')).json().items.length, 2)
  for (const limit of ['0', '101', '-1', '1.5', 'many', '1e1000']) {
    const answer = await ann.open(`/api/v1/workspaces?limit=${limit}`)
    t.match(answer.json(), { statusCode: 400, code: 'INVALID', fields: { limit: String } }, `limit=${limit}`)
  }
  for (const cursor of ['x', "' or 1=1", '%00', nowhere.toUpperCase().replaceAll('0', 'G')]) {
    const answer = await ann.open(`/api/v1/workspaces?cursor=${encodeURIComponent(cursor)}`)
    t.match(answer.json(), { statusCode: 400, code: 'INVALID', fields: { cursor: String } }, `cursor=${cursor}`)
  }
  t.same((await ann.open(`/api/v1/workspaces?cursor=${nowhere}`)).json(), { items: [], next_cursor: null })
})

t.test('an owner renames and describes anew, by form and by JSON', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  t.match((await ann.open(`/workspaces/${flat}/settings`)).body, 'value="Flat"')

  const saved = await ann.submit(`/workspaces/${flat}`, { name: 'House', description: 'Bigger' })
  t.match(saved, { statusCode: 303, headers: { location: `/workspaces/${flat}` } })
  const page = (await ann.open(`/workspaces/${flat}`)).body
  t.match(page, '<h1>House</h1>')
  t.match(page, 'Bigger')

  const patched = await ann.api('PATCH', `/api/v1/workspaces/${flat}`, { description: 'Much bigger' })
  t.match(patched.json(), { name: 'House', description: 'Much bigger' })
  t.match((await ann.api('PATCH', `/api/v1/workspaces/${flat}`, { name: 'Castle' })).json(), {
    name: 'Castle',
    description: 'Much bigger'
  })
  await ann.submit(`/workspaces/${flat}`, { name: 'Castle', description: '' })
  t.equal((await ann.open(`/api/v1/workspaces/${flat}`)).json().description, '', 'an emptied field empties it')
})

t.test('a refused change shows the form again, and changes nothing', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const form = await ann.submit(`/workspaces/${flat}`, { name: '', description: 'What I typed' })
  t.equal(form.statusCode, 422)
  t.match(form.body, 'What I typed')
  t.match(form.body, `action="/workspaces/${flat}"`)

  for (const body of [{}, { name: '' }, { role: 'owner' }, { name: 'House', room_of: null }]) {
    t.equal((await ann.api('PATCH', `/api/v1/workspaces/${flat}`, body)).statusCode, 400, JSON.stringify(body))
  }
  t.match((await ann.open(`/api/v1/workspaces/${flat}`)).json(), { name: 'Flat', description: '' })
})

t.test('deleting asks first, and takes everything along', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  const bob = await person('Bob')
  const flat = await ann.makesWorkspace('Flat')
  await bob.accepts(await ann.invites(flat, 'editor'))
  const unused = await ann.invites(flat, 'viewer')

  const asked = await ann.open(`/workspaces/${flat}/delete`)
  t.match(asked.body, 'Delete “Flat”?')
  t.equal((await ann.open(`/workspaces/${flat}`)).statusCode, 200, 'asking deletes nothing')

  const gone = await ann.submit(`/workspaces/${flat}/delete`)
  t.match(gone, { statusCode: 303, headers: { location: '/workspaces' } })
  t.match((await ann.open('/workspaces')).body, 'The workspace is gone.')
  for (const browser of [ann, bob]) {
    t.equal((await browser.open(`/workspaces/${flat}`)).statusCode, 404)
    t.equal((await browser.open('/api/v1/workspaces')).json().items.length, 1)
  }
  t.equal((await bob.accepts(unused)).statusCode, 404)
  t.same(await app.db.selectFrom('invites').selectAll().execute(), [])

  const shed = await ann.makesWorkspace('Shed')
  t.equal((await ann.api('DELETE', `/api/v1/workspaces/${shed}`)).statusCode, 204)
  t.equal((await ann.api('DELETE', `/api/v1/workspaces/${shed}`)).statusCode, 404)
})

t.test('the room stays, whoever asks and however', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const { room } = await ann.me()
  const page = await ann.open(`/workspaces/${room.roomId}/delete`)
  t.match(page.body, 'Your room stays')
  t.notMatch(page.body, '<button class="button grave">')
  t.notMatch((await ann.open(`/workspaces/${room.roomId}/settings`)).body, '/delete')

  t.equal((await ann.submit(`/workspaces/${room.roomId}/delete`)).statusCode, 409)
  t.match((await ann.api('DELETE', `/api/v1/workspaces/${room.roomId}`)).json(), { code: 'ROOM_STAYS' })
  t.match(await ann.open('/room'), { statusCode: 303, headers: { location: `/workspaces/${room.roomId}` } })
  t.equal((await ann.open(`/workspaces/${room.roomId}`)).statusCode, 200)

  const renamed = await ann.api('PATCH', `/api/v1/workspaces/${room.roomId}`, { name: 'My own corner' })
  t.match(renamed.json(), { name: 'My own corner', is_room: true })
})

t.test('a stranger is told of a workspace exactly what is told of one that never was', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const bob = await person('Bob')
  const { id: annsId } = await ann.me()
  const flat = await ann.makesWorkspace('Flat')
  const before = seen(await ann.open(`/api/v1/workspaces/${flat}`))

  const doors: ((id: string) => ReturnType<Browser['open']>)[] = [
    (id) => bob.open(`/workspaces/${id}`),
    (id) => bob.open(`/workspaces/${id}?limit=1&cursor=${annsId}`),
    (id) => bob.open(`/workspaces/${id}/settings`),
    (id) => bob.open(`/workspaces/${id}/delete`),
    (id) => bob.submit(`/workspaces/${id}`, { name: 'Mine now' }),
    (id) => bob.submit(`/workspaces/${id}`, { name: '' }),
    (id) => bob.submit(`/workspaces/${id}/delete`),
    (id) => bob.submit(`/workspaces/${id}/leave`),
    (id) => bob.submit(`/workspaces/${id}/members/${annsId}`, { role: 'viewer' }),
    (id) => bob.submit(`/workspaces/${id}/members/${annsId}/remove`),
    (id) => bob.api('GET', `/api/v1/workspaces/${id}`),
    (id) => bob.api('PATCH', `/api/v1/workspaces/${id}`, { name: 'Mine now' }),
    (id) => bob.api('DELETE', `/api/v1/workspaces/${id}`),
    (id) => bob.api('GET', `/api/v1/workspaces/${id}/members`),
    (id) => bob.api('PATCH', `/api/v1/workspaces/${id}/members/${annsId}`, { role: 'viewer' }),
    (id) => bob.api('DELETE', `/api/v1/workspaces/${id}/members/${annsId}`),
    (id) => bob.api('POST', '/api/v1/invites', { workspace_id: id, role: 'viewer' }),
    (id) => bob.submit('/invite-coparent', { workspace_id: id, role: 'viewer' })
  ]
  for (const [index, door] of doors.entries()) {
    const told = seen(await door(flat))
    t.same(told, seen(await door(nowhere)), `door ${index}`)
    t.equal(told.statusCode, 404, `door ${index}`)
    const page = told.headers['content-type']?.startsWith('text/html')
    t.ok(page || told.body.includes('"code":"NOT_FOUND"'), `door ${index} answers as its kind does`)
  }
  const refused = await bob.submit(`/workspaces/${flat}`, { name: '' })
  t.match(refused.headers['content-type'], 'text/html', 'a page stays a page')
  t.same(seen(await ann.open(`/api/v1/workspaces/${flat}`)), before)
  t.equal((await bob.open('/workspaces/not-an-id')).statusCode, 404)
  t.equal((await bob.open('/api/v1/workspaces/not-an-id')).statusCode, 404)
})

t.test('nobody in particular is sent to sign in, or told to', async (t) => {
  const { person, visitor } = await startApp(t)
  const flat = await (await person('Ann')).makesWorkspace('Flat')
  for (const id of [flat, nowhere]) {
    const page = await visitor().open(`/workspaces/${id}`)
    t.match(page, { statusCode: 303, headers: { location: `/login?next=%2Fworkspaces%2F${id}` } })
    t.equal((await visitor().open(`/api/v1/workspaces/${id}`)).statusCode, 401)
    t.equal((await visitor().api('DELETE', `/api/v1/workspaces/${id}`)).statusCode, 401)
    t.match(await visitor().submit(`/workspaces/${id}`, {}), { statusCode: 303 })
  }
})
