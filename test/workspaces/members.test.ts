import t from 'tap'
import { Forbidden, NotFound } from '../../src/errors.ts'
import { everywhere } from '../../src/viewer.ts'
import { workspacesOf } from '../../src/workspaces/store.ts'
import { type Browser, seen } from '../support/browser.ts'
import { type Carrel, startApp } from '../support/carrel.ts'

const nowhere = '01900000-0000-7000-8000-000000000000'

/** Ann's flat, where Bob may add and Cleo may read; Dora has nothing to do with it. */
async function flatOf({ person }: Carrel) {
  const [ann, bob, cleo, dora] = [await person('Ann'), await person('Bob'), await person('Cleo'), await person('Dora')]
  const flat = await ann.makesWorkspace('Flat')
  await bob.accepts(await ann.invites(flat, 'editor'))
  await cleo.accepts(await ann.invites(flat, 'viewer'))
  return { ann, bob, cleo, dora, flat }
}

const idOf = async (browser: Browser) => (await browser.me()).id

t.test('everybody in a workspace sees who else is in it, and nobody’s email', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, cleo, dora, flat } = await flatOf(carrel)

  for (const browser of [ann, bob, cleo]) {
    const list = await browser.open(`/api/v1/workspaces/${flat}/members`)
    t.match(list.json(), {
      next_cursor: null,
      items: [
        { display_name: 'Cleo Arbor', username: 'cleo', role: 'viewer', account_id: await idOf(cleo) },
        { display_name: 'Bob Arbor', username: 'bob', role: 'editor', joined_at: String },
        { display_name: 'Ann Arbor', username: 'ann', role: 'owner' }
      ]
    })
    t.notMatch(list.body, '@')
    const page = await browser.open(`/workspaces/${flat}`)
    for (const name of ['Ann Arbor', 'Bob Arbor', 'Cleo Arbor']) t.match(page.body, name)
    t.notMatch(page.body, '@example.com')
  }
  t.equal((await dora.open(`/api/v1/workspaces/${flat}/members`)).statusCode, 404)
})

t.test('members are listed a page at a time', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const url = `/api/v1/workspaces/${flat}/members?limit=2`
  const first = (await ann.open(url)).json()
  const second = (await ann.open(`${url}&cursor=${first.next_cursor}`)).json()
  const names = [...first.items, ...second.items].map(({ username }) => username)
  t.same(names, ['cleo', 'bob', 'ann'])
  t.equal(second.next_cursor, null)
  t.same((await ann.open(`${url}&cursor=${nowhere}`)).json().items, [], 'behind somebody who is not here is nobody')
})

t.test('a viewer reads, an editor adds, and the owner alone does the rest', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, cleo, dora, flat } = await flatOf(carrel)
  const { db } = carrel.app
  const workspaces = async (browser: Browser) => workspacesOf({ ...(await browser.me()), ...everywhere }, db)

  for (const browser of [ann, bob, cleo]) {
    t.equal((await browser.open(`/workspaces/${flat}`)).statusCode, 200)
    t.match((await browser.open('/api/v1/workspaces')).json(), { items: [{ name: 'Flat' }] })
  }
  t.match(await (await workspaces(ann)).edit(flat), { role: 'owner' })
  t.match(await (await workspaces(bob)).edit(flat), { role: 'editor' })
  await t.rejects((await workspaces(cleo)).edit(flat), Forbidden)
  await t.rejects((await workspaces(dora)).edit(flat), NotFound)
  await t.rejects((await workspaces(bob)).own(flat), Forbidden)
  t.match(await (await workspaces(ann)).own(flat), { role: 'owner' })

  const annsId = await idOf(ann)
  for (const browser of [bob, cleo]) {
    const other = browser === bob ? await idOf(cleo) : await idOf(bob)
    const refused = [
      browser.api('PATCH', `/api/v1/workspaces/${flat}`, { name: 'Ours' }),
      browser.api('DELETE', `/api/v1/workspaces/${flat}`),
      browser.api('PATCH', `/api/v1/workspaces/${flat}/members/${other}`, { role: 'viewer' }),
      browser.api('DELETE', `/api/v1/workspaces/${flat}/members/${other}`),
      browser.api('DELETE', `/api/v1/workspaces/${flat}/members/${annsId}`),
      browser.api('POST', '/api/v1/invites', { workspace_id: flat, role: 'viewer' }),
      browser.submit(`/workspaces/${flat}`, { name: 'Ours' }),
      browser.open(`/workspaces/${flat}/delete`),
      browser.submit(`/workspaces/${flat}/delete`),
      browser.submit(`/workspaces/${flat}/members/${other}`, { role: 'viewer' }),
      browser.submit(`/workspaces/${flat}/members/${other}/remove`),
      browser.submit('/invite-coparent', { workspace_id: flat, role: 'viewer' })
    ]
    for (const [index, answer] of (await Promise.all(refused)).entries()) t.equal(answer.statusCode, 403, `${index}`)
    const own = await browser.api('PATCH', `/api/v1/workspaces/${flat}/members/${await idOf(browser)}`, {
      role: 'editor'
    })
    t.equal(own.statusCode, 403, 'nobody promotes themselves')

    const page = (await browser.open(`/workspaces/${flat}`)).body
    t.notMatch(page, '/remove"')
    t.notMatch(page, '/settings"')
    t.notMatch((await browser.open(`/workspaces/${flat}/settings`)).body, 'name="name"')
    t.notMatch((await browser.open('/invite-coparent')).body, 'Flat')
  }
  t.equal((await ann.open(`/api/v1/workspaces/${flat}/members`)).json().items.length, 3)
  t.match((await ann.open(`/api/v1/workspaces/${flat}`)).json(), { name: 'Flat' })
})

t.test('another role holds from the next click on', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, cleo, flat } = await flatOf(carrel)
  const mayAdd = async (browser: Browser) =>
    workspacesOf({ ...(await browser.me()), ...everywhere }, carrel.app.db)
      .edit(flat)
      .then(() => true)
      .catch(() => false)

  const form = await ann.submit(`/workspaces/${flat}/members/${await idOf(bob)}`, { role: 'viewer' })
  t.match(form, { statusCode: 303, headers: { location: `/workspaces/${flat}` } })
  t.notOk(await mayAdd(bob))
  t.match((await bob.open(`/workspaces/${flat}`)).body, 'You can read')

  const patched = await ann.api('PATCH', `/api/v1/workspaces/${flat}/members/${await idOf(cleo)}`, { role: 'editor' })
  t.match(patched, { statusCode: 200 })
  t.match(patched.json(), { role: 'editor', account_id: await idOf(cleo) })
  t.ok(await mayAdd(cleo))
  t.match((await cleo.open(`/workspaces/${flat}`)).body, 'You can add')
})

t.test('there are two roles to give, to people who are there', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, dora, flat } = await flatOf(carrel)
  const [bobs, doras] = [await idOf(bob), await idOf(dora)]
  for (const role of ['owner', 'admin', '', 'Editor', null, ['editor']]) {
    const answer = await ann.api('PATCH', `/api/v1/workspaces/${flat}/members/${bobs}`, { role })
    t.equal(answer.statusCode, 400, JSON.stringify(role))
  }
  t.equal((await ann.submit(`/workspaces/${flat}/members/${bobs}`, { role: 'owner' })).statusCode, 400)

  for (const [method, body] of [
    ['PATCH', { role: 'editor' }],
    ['DELETE', undefined]
  ] as const) {
    const [there, nobody] = [doras, nowhere].map((id) =>
      ann.api(method, `/api/v1/workspaces/${flat}/members/${id}`, body)
    )
    const told = seen(await (there as ReturnType<Browser['api']>))
    t.equal(told.statusCode, 404)
    t.same(told, seen(await (nobody as ReturnType<Browser['api']>)), 'Dora is as unknown here as nobody')
  }
  t.equal((await dora.open(`/workspaces/${flat}`)).statusCode, 404)
})

t.test('whoever is removed is out with the next click, and leaves no trace of themselves to others', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, cleo, flat } = await flatOf(carrel)
  t.equal((await bob.open(`/workspaces/${flat}`)).statusCode, 200)
  const removed = await ann.submit(`/workspaces/${flat}/members/${await idOf(bob)}/remove`)
  t.match(removed, { statusCode: 303, headers: { location: `/workspaces/${flat}` } })
  t.match((await ann.open(`/workspaces/${flat}`)).body, 'Removed.')

  t.same(seen(await bob.open(`/workspaces/${flat}`)), seen(await bob.open(`/workspaces/${nowhere}`)))
  t.equal((await bob.open(`/api/v1/workspaces/${flat}`)).statusCode, 404)
  t.notMatch((await bob.open('/')).body, 'Flat')
  t.equal((await ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${await idOf(bob)}`)).statusCode, 404)

  t.equal((await ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${await idOf(cleo)}`)).statusCode, 204)
  t.equal((await cleo.open(`/api/v1/workspaces/${flat}`)).statusCode, 404)
  t.match((await ann.open(`/api/v1/workspaces/${flat}/members`)).json().items, [{ role: 'owner' }])
})

t.test('a member leaves by themselves, by form and by JSON', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, cleo, flat } = await flatOf(carrel)
  const left = await bob.submit(`/workspaces/${flat}/leave`)
  t.match(left, { statusCode: 303, headers: { location: '/workspaces' } })
  t.match((await bob.open('/workspaces')).body, 'You have left that workspace.')
  t.equal((await bob.open(`/workspaces/${flat}`)).statusCode, 404)
  t.equal((await bob.submit(`/workspaces/${flat}/leave`)).statusCode, 404)

  t.equal((await cleo.api('DELETE', `/api/v1/workspaces/${flat}/members/${await idOf(cleo)}`)).statusCode, 204)
  t.equal((await cleo.open(`/api/v1/workspaces/${flat}`)).statusCode, 404)
  t.equal((await ann.open(`/api/v1/workspaces/${flat}/members`)).json().items.length, 1)
})

t.test('the owner neither leaves nor is removed nor becomes something less', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, flat } = await flatOf(carrel)
  const annsId = await idOf(ann)
  t.equal((await ann.submit(`/workspaces/${flat}/leave`)).statusCode, 409)
  t.equal((await ann.submit(`/workspaces/${flat}/members/${annsId}/remove`)).statusCode, 409)
  t.equal((await ann.submit(`/workspaces/${flat}/members/${annsId}`, { role: 'viewer' })).statusCode, 409)
  const url = `/api/v1/workspaces/${flat}/members/${annsId}`
  t.match((await ann.api('DELETE', url)).json(), { statusCode: 409, code: 'OWNER_STAYS' })
  t.match((await ann.api('PATCH', url, { role: 'viewer' })).json(), { statusCode: 409, code: 'OWNER_STAYS' })

  t.match((await ann.open(`/api/v1/workspaces/${flat}`)).json(), { role: 'owner' })
  t.equal((await bob.open(`/workspaces/${flat}`)).statusCode, 200)
})

t.test('what happens to members of one workspace does not touch another', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, flat } = await flatOf(carrel)
  const shed = await ann.makesWorkspace('Shed')
  await bob.accepts(await ann.invites(shed, 'viewer'))
  const bobs = await idOf(bob)

  await ann.api('PATCH', `/api/v1/workspaces/${shed}/members/${bobs}`, { role: 'editor' })
  await ann.api('PATCH', `/api/v1/workspaces/${flat}/members/${bobs}`, { role: 'viewer' })
  t.match((await bob.open(`/api/v1/workspaces/${shed}`)).json(), { role: 'editor' })
  await ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${bobs}`)
  t.equal((await bob.open(`/api/v1/workspaces/${flat}`)).statusCode, 404)
  t.equal((await bob.open(`/api/v1/workspaces/${shed}`)).statusCode, 200)
})
