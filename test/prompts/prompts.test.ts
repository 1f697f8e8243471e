import t from 'tap'
import { newId } from '../../src/ids.ts'
import { promptsOf } from '../../src/prompts/store.ts'
import { everywhere } from '../../src/viewer.ts'
import { type Browser, seen } from '../support/browser.ts'
import { startApp } from '../support/carrel.ts'
import { plansOf } from '../support/plans.ts'

const rent = { title: 'The rent', text: 'When is the rent due,\nand what happens if it is late?' }

const keeps = async (who: Browser, prompt: object = rent): Promise<string> =>
  (await who.api('POST', '/api/v1/prompts', prompt)).json().id
const read = async (who: Browser, id: string) => (await who.open(`/api/v1/prompts/${id}`)).json()
const titles = async (who: Browser, query = '') =>
  (await who.open(`/api/v1/prompts${query}`)).json().items.map(({ title }: { title: string }) => title)

t.test('a person keeps, changes and deletes prompts on their page', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('The flat')
  t.match((await ann.open('/prompts')).body, 'None yet.')
  const kept = await ann.submit('/prompts', { title: '  The rent ', text: rent.text, workspace_id: flat })
  t.match([kept.statusCode, kept.headers.location], [303, '/prompts'])
  const page = (await ann.open('/prompts')).body
  t.match(page, /Kept\..*<b>The rent<\/b>.*When is the rent due.*Only in <a href="[^"]+">The flat<\/a>/s)

  const [{ id }] = (await ann.open('/api/v1/prompts')).json().items
  const form = (await ann.open(`/prompts/${id}`)).body
  t.match(form, new RegExp(`<option value="${flat}" selected>`))
  t.match(form, 'and what happens if it is late?</textarea>')
  t.equal((await ann.submit(`/prompts/${id}`, { title: 'Rent', text: 'When?', workspace_id: '' })).statusCode, 303)
  t.match(await read(ann, id), { title: 'Rent', text: 'When?', workspace_id: null })
  t.equal((await ann.submit(`/prompts/${id}/delete`)).statusCode, 303)
  t.same(await titles(ann), [])
})

t.test('a refused form is shown again with what was typed, and where it was for', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('The flat')
  const id = await keeps(ann)
  for (const path of ['/prompts', `/prompts/${id}`]) {
    const answer = await ann.submit(path, { title: '', text: 'What is "due"?', workspace_id: flat })
    t.match(answer, { statusCode: 422, body: /Give it a title of up to 300 characters\./ })
    t.match(answer.body, 'What is &quot;due&quot;?</textarea>')
    t.match(answer.body, new RegExp(`<option value="${flat}" selected>`))
    t.match(await ann.submit(path, { title: 'a\nb', text: 'x' }), { statusCode: 422, body: /Give it a title/ })
    t.match(await ann.submit(path, { title: 'a', text: '' }), { statusCode: 422, body: /Ask something/ })
    t.match(await ann.submit(path, { ...rent, workspace_id: 'x' }), {
      statusCode: 422,
      body: /Choose one of your work/
    })
  }
  t.match(await read(ann, id), rent)
})

t.test('the JSON twin: the newest first, in pages, and changed field by field', async (t) => {
  const { person, clock } = await startApp(t)
  const ann = await person('Ann')
  const made = await ann.api('POST', '/api/v1/prompts', rent)
  t.equal(made.headers.location, `/api/v1/prompts/${made.json().id}`)
  const at = clock.now().toISOString()
  t.same(made.json(), { id: made.json().id, ...rent, workspace_id: null, created_at: at, updated_at: at })
  for (const title of ['Two', 'Three']) await keeps(ann, { ...rent, title })
  t.same(await titles(ann), ['Three', 'Two', 'The rent'])
  const first = (await ann.open('/api/v1/prompts?limit=2')).json()
  t.same(await titles(ann, `?limit=2&cursor=${first.next_cursor}`), ['The rent'])
  t.match((await ann.open('/prompts?limit=2')).body, `?cursor=${first.next_cursor}`)

  const url = `/api/v1/prompts/${made.json().id}`
  const flat = await ann.makesWorkspace('The flat')
  clock.pass(60)
  const later = clock.now().toISOString()
  const changed = { ...made.json(), text: 'When?', workspace_id: flat, updated_at: later }
  t.same((await ann.api('PATCH', url, { text: 'When?', workspace_id: flat })).json(), changed)
  t.same((await ann.api('PATCH', url, { title: 'Rent' })).json(), { ...changed, title: 'Rent' })
  t.match((await ann.api('PATCH', url, { workspace_id: null })).json(), { title: 'Rent', workspace_id: null })
  for (const [body, field] of [
    [{}, undefined],
    [{ titel: 'x' }, 'titel'],
    [{ title: '' }, 'title'],
    [{ text: 'x'.repeat(10_001) }, 'text'],
    [{ text: null }, 'text'],
    [{ workspace_id: '' }, 'workspace_id']
  ] as const) {
    const answer = (await ann.api('PATCH', url, body)).json()
    t.match(answer, { statusCode: 400, ...(field && { fields: { [field]: String } }) }, JSON.stringify(body))
  }
  t.equal((await ann.api('DELETE', url)).statusCode, 204)
  t.equal((await ann.open(url)).statusCode, 404)
})

t.test('other people’s prompts do not exist, in a workspace they share neither', async (t) => {
  const { person } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const flat = await ann.makesWorkspace('The flat')
  await bob.accepts(await ann.invites(flat, 'editor'))
  const id = await keeps(ann, { ...rent, workspace_id: flat })
  t.same(await titles(bob), [])
  for (const [method, path, body] of [
    ['GET', '/api/v1/prompts/', undefined],
    ['PATCH', '/api/v1/prompts/', { title: 'Mine' }],
    ['DELETE', '/api/v1/prompts/', undefined],
    ['GET', '/prompts/', undefined]
  ] as const) {
    const [hers, nobodys] = [await bob.api(method, path + id, body), await bob.api(method, path + newId(), body)]
    t.equal(hers.statusCode, 404)
    t.same(seen(hers), seen(nobodys), `${method} ${path}`)
  }
  t.equal((await bob.submit(`/prompts/${id}`, rent)).statusCode, 404)
  t.equal((await bob.submit(`/prompts/${id}/delete`)).statusCode, 404)
  t.match(await read(ann, id), rent)
})

t.test('a prompt is for a workspace one is in, and another one is as none', async (t) => {
  const { person } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const hers = await ann.makesWorkspace('The flat')
  const id = await keeps(bob)
  for (const [method, path] of [
    ['POST', '/api/v1/prompts'],
    ['PATCH', `/api/v1/prompts/${id}`]
  ] as const) {
    const answer = await bob.api(method, path, { ...rent, workspace_id: hers })
    t.equal(answer.statusCode, 404)
    t.same(seen(answer), seen(await bob.api(method, path, { ...rent, workspace_id: newId() })))
  }
  t.equal((await bob.submit('/prompts', { ...rent, workspace_id: hers })).statusCode, 404)
  t.same(await titles(bob), ['The rent'])
})

t.test('who leaves a workspace, or loses it, keeps their prompts, for every workspace', async (t) => {
  const { person } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const flat = await ann.makesWorkspace('The flat')
  await bob.accepts(await ann.invites(flat, 'viewer'))
  const id = await keeps(bob, { ...rent, workspace_id: flat })
  t.equal((await read(bob, id)).workspace_id, flat)

  await bob.submit(`/workspaces/${flat}/leave`)
  t.match(await read(bob, id), { ...rent, workspace_id: null })
  t.match((await bob.api('PATCH', `/api/v1/prompts/${id}`, { title: 'Rent' })).json(), { workspace_id: null })
  for (const path of ['/prompts', `/prompts/${id}`]) t.notMatch((await bob.open(path)).body, /The flat|Only in The/)

  await bob.accepts(await ann.invites(flat, 'viewer'))
  t.equal((await read(bob, id)).workspace_id, flat, 'who is back finds it as it was')
  await ann.submit(`/workspaces/${flat}/delete`)
  t.match(await read(bob, id), { title: 'Rent', text: rent.text, workspace_id: null })
})

t.test('there are 500 prompts for each person, also when they are kept at the same time', async (t) => {
  const { app, person } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const account_id = (await ann.me()).id
  const at = new Date().toISOString()
  const many = Array.from({ length: 498 }, () => {
    return { id: newId(), account_id, workspace_id: null, ...rent, created_at: at, updated_at: at }
  })
  await app.db.insertInto('prompts').values(many).execute()
  const answers = await Promise.all(Array.from({ length: 6 }, () => ann.api('POST', '/api/v1/prompts', rent)))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [201, 201, 409, 409, 409, 409])
  const full = await ann.submit('/prompts', rent)
  t.match(full, { statusCode: 409, body: /You have 500 prompts\. Delete one first\./ })
  t.match(full.body, 'and what happens if it is late?</textarea>')
  t.match((await ann.api('POST', '/api/v1/prompts', rent)).json(), { statusCode: 409, code: 'FULL' })
  t.equal((await bob.api('POST', '/api/v1/prompts', rent)).statusCode, 201)
  await ann.api('DELETE', `/api/v1/prompts/${many[0]?.id}`)
  t.equal((await ann.api('POST', '/api/v1/prompts', rent)).statusCode, 201)
})

if (!process.env.CARREL_TEST_POSTGRES) {
  t.test('a list of prompts costs what its owner’s own cost', async (t) => {
    const { app, person } = await startApp(t)
    const user = { id: (await (await person('Ann')).me()).id, ...everywhere }
    const plans = await plansOf(app.db, (db) => promptsOf(user, db).list({ limit: 20, cursor: newId() }))
    t.equal(plans.length, 1, 'it is one query')
    t.match(plans[0], 'SEARCH prompts USING INDEX prompts_of_account (account_id=? AND id<?)')
    t.notMatch(plans[0], /SCAN|TEMP B-TREE/)
  })
}
