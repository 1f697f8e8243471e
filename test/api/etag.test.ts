import fc from 'fast-check'
import t from 'tap'
import { startApp } from '../support/carrel.ts'

const lists = [
  'workspaces',
  'documents',
  'chats',
  'memories',
  'prompts',
  'tags',
  'tasks',
  'sessions',
  'invites',
  'username'
]

t.test('what has not changed is not sent again', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  await ann.makesWorkspace('Flat')
  for (const list of [...lists, 'auth/me']) {
    const url = `/api/v1/${list}`
    const first = await ann.open(url)
    const tag = String(first.headers.etag)
    t.match(tag, /^"[\w-]{43}"$/, list)
    const second = await ann.request('GET', url, undefined, { 'if-none-match': tag })
    t.match(second, { statusCode: 304, body: '', headers: { etag: tag, 'cache-control': 'no-store' } }, list)
    t.notOk(second.headers['content-type'] ?? second.headers['content-length'], list)
  }
})

t.test('what has changed is sent, and so is what belongs to somebody else', async (t) => {
  const { person } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const has = { 'if-none-match': String((await ann.open('/api/v1/workspaces')).headers.etag) }
  t.match(await bob.request('GET', '/api/v1/workspaces', undefined, has), { statusCode: 200, body: /Bob Arbor's Room/ })
  await ann.makesWorkspace('Flat')
  const now = await ann.request('GET', '/api/v1/workspaces', undefined, has)
  t.match(now, { statusCode: 200, body: /Flat/ })
  t.not(now.headers.etag, has['if-none-match'])
})

t.test('HEAD says of an answer what GET says', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const url = '/api/v1/workspaces'
  const got = await ann.open(url)
  const told = await ann.request('HEAD', url)
  const length = String(Buffer.byteLength(got.body))
  t.match(told, { statusCode: 200, body: '', headers: { etag: got.headers.etag, 'content-length': length } })
  const again = await ann.request('HEAD', url, undefined, { 'if-none-match': String(got.headers.etag) })
  t.match(again, { statusCode: 304, body: '', headers: { etag: got.headers.etag } })
  t.equal(again.headers['content-length'] ?? length, length, 'never another length')
})

t.test('tags are compared as HTTP has it: any of a list, strong or weak, or a star', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const url = '/api/v1/username'
  const tag = String((await ann.open(url)).headers.etag)
  const status = async (given: string) =>
    (await ann.request('GET', url, undefined, { 'if-none-match': given })).statusCode
  for (const given of [tag, `W/${tag}`, '*', ` ${tag} `, `"a", ${tag}`, `"a,b",W/"",${tag},"c"`]) {
    t.equal(await status(given), 304, given)
  }
  const bare = tag.slice(1, -1)
  for (const given of ['', bare, `"${bare}`, `"${bare}x"`, '"*"', '**', '"', `"${bare.toLowerCase()}"`]) {
    t.equal(await status(given), 200, given)
  }
  const other = fc.stringMatching(/^[!#-~]{0,20}$/)
  await fc.assert(
    fc.asyncProperty(fc.array(other, { maxLength: 4 }), fc.boolean(), async (others, known) => {
      const tags = [...others.map((text) => `"${text}"`), ...(known ? [tag] : [])]
      return (await status(tags.join(', '))) === (known ? 304 : 200)
    }),
    { numRuns: 50 }
  )
})

t.test('no tag for what is refused, made, streamed or a page', async (t) => {
  const { person, visitor } = await startApp(t)
  const ann = await person('Ann')
  const star = { 'if-none-match': '*' }
  t.match(await visitor().request('GET', '/api/v1/tasks', undefined, star), { statusCode: 401 })
  t.match(await ann.request('GET', '/api/v1/nothing', undefined, star), { statusCode: 404 })
  const made = await ann.request('POST', '/api/v1/workspaces', { name: 'Flat' }, star)
  t.match(made, { statusCode: 201, headers: { etag: undefined } })
  t.match(await ann.request('GET', '/tasks', undefined, star), { statusCode: 200, headers: { etag: undefined } })

  const workspace_id = made.json().id
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id })).json().id
  const asked = await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content: 'Who repairs the boiler?' })
  const answer = `/api/v1/chats/${chat}/messages/${asked.json().answer.id}`
  t.match(await ann.request('GET', answer, undefined, star), { statusCode: 304, headers: { vary: 'accept' } })
  const stream = await ann.request('GET', answer, undefined, { ...star, accept: 'text/event-stream' })
  t.match(stream, { statusCode: 200, body: /event: done/, headers: { etag: undefined, vary: 'accept' } })
})
