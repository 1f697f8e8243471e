import t from 'tap'
import { seen } from '../support/browser.ts'
import { startApp } from '../support/carrel.ts'

t.test('a person makes, renames and deletes tags; the documents stay', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const id = await ann.puts(flat, 'Lease', 'A lease.', ['home'])
  t.equal((await ann.submit('/tags', { name: '  To   do ' })).statusCode, 303)
  t.match((await ann.open('/tags')).body, 'To do')
  const twice = await ann.submit('/tags', { name: 'TO DO' })
  t.match(twice, { statusCode: 409, body: /You have a tag of this name already\./ })
  t.match((await ann.submit('/tags', { name: 'a, b' })).statusCode, 422)

  const tags = (await ann.open('/api/v1/tags')).json().items
  const home = tags.find(({ name }: { name: string }) => name === 'home')
  t.equal((await ann.submit(`/tags/${home.id}`, { name: 'House' })).statusCode, 303)
  t.same((await ann.open(`/api/v1/documents/${id}`)).json().tags, ['House'])
  t.equal((await ann.submit(`/tags/${home.id}`, { name: 'to do' })).statusCode, 409)
  t.equal((await ann.submit(`/tags/${home.id}/delete`)).statusCode, 303)
  t.match((await ann.open(`/api/v1/documents/${id}`)).json(), { title: 'Lease', tags: [] })
})

t.test('the JSON twin: one name once for each person, and other people’s do not exist', async (t) => {
  const { person } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const made = await ann.api('POST', '/api/v1/tags', { name: 'Shared' })
  t.equal(made.statusCode, 201)
  t.match(made.json(), { id: String, name: 'Shared' })
  t.match((await ann.api('POST', '/api/v1/tags', { name: 'shared' })).json(), { statusCode: 409, code: 'TAG_EXISTS' })
  t.equal((await bob.api('POST', '/api/v1/tags', { name: 'Shared' })).statusCode, 201)

  const { id } = made.json()
  t.match((await ann.api('PATCH', `/api/v1/tags/${id}`, { name: 'Ours' })).json(), { id, name: 'Ours' })
  t.same(
    seen(await bob.open(`/api/v1/tags/${id}`)),
    seen(await bob.open('/api/v1/tags/01900000-0000-7000-8000-000000000000'))
  )
  t.equal((await bob.api('PATCH', `/api/v1/tags/${id}`, { name: 'Mine' })).statusCode, 404)
  t.equal((await bob.api('DELETE', `/api/v1/tags/${id}`)).statusCode, 404)
  t.equal((await ann.api('DELETE', `/api/v1/tags/${id}`)).statusCode, 204)
})
