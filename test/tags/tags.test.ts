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

t.test('two tags renamed to one name at the same time: one gets it, the other is told', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const made = ['One', 'Two', 'Three'].map((name) => ann.api('POST', '/api/v1/tags', { name }))
  const ids = (await Promise.all(made)).map((answer) => answer.json().id)
  const answers = await Promise.all(ids.map((id) => ann.api('PATCH', `/api/v1/tags/${id}`, { name: 'Same' })))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 409, 409])
  const refused = answers.find(({ statusCode }) => statusCode === 409)
  t.match(refused?.json(), { code: 'TAG_EXISTS', fields: { name: String } })
})

t.test('tags come as a list, or with commas between them, and never with what no line can show', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const workspace_id = await ann.makesWorkspace('Flat')
  const file = await ann.sendFiles('/api/v1/documents', { workspace_id, tags: 'Home, papers ,' }, [['a.txt', 'A.']])
  t.match(file, { statusCode: 201 })
  t.same(file.json().tags, ['Home', 'papers'])
  const listed = await ann.api('POST', '/api/v1/documents', { workspace_id, text: 'B.', tags: ['Home', 'b'] })
  t.same(listed.json().tags, ['b', 'Home'])

  const bad = ['a\0b', 'a\u001bb', 'a, \u202eb', ['a\0b'], ['a, b'], 'x'.repeat(51), Array(21).fill('a'), [''], 5, null]
  for (const tags of bad) {
    const answer = await ann.api('POST', '/api/v1/documents', { workspace_id, text: 'C.', tags })
    t.match(
      answer.json(),
      { statusCode: 400, fields: { tags: /^(Up to 20 tags|Give it a name)/ } },
      JSON.stringify(tags)
    )
  }
  const form = await ann.submit(`/workspaces/${workspace_id}/documents`, { text: 'D.', tags: 'a\0b' })
  t.match(form, { statusCode: 422, body: /Up to 20 tags of up to 50 characters/ })
})
