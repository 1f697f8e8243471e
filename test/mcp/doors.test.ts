import type { LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { newId } from '../../src/ids.ts'
import { assistant, calling, makesKey, tells, versions, withKey } from '../support/assistant.ts'
import { type Browser, seen } from '../support/browser.ts'
import { type Carrel, password, startApp } from '../support/carrel.ts'
import { dictated, startModelServer } from '../support/model-server.ts'

const all = ['list_workspaces', 'search', 'read_passage', 'ask', 'save_note']
const listing = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

async function scene(t: Test, settings = {}) {
  const carrel = await startApp(t, settings)
  const ann = await carrel.person('Ann')
  return { carrel, ann, flat: await ann.makesWorkspace('The flat') }
}

async function keyOf(who: Browser, wish: object = {}) {
  return withKey(await makesKey(who, wish))
}

const namesIn = (answer: LightMyRequestResponse) =>
  answer.json().result.tools.map(({ name }: { name: string }) => name) as string[]

const eventsOf = async ({ app }: Carrel) =>
  (await app.db.selectFrom('audit_events').selectAll().orderBy('id').execute()).map((event) => JSON.stringify(event))

t.test('whoever shows nothing, or what is worth nothing, is told what to show, and learns nothing', async (t) => {
  const { carrel, ann } = await scene(t)
  const { key } = await makesKey(ann)
  const cookie = ann.headers.cookie as string
  const worthless: Record<string, string>[] = [
    {},
    { cookie },
    {
      cookie,
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      origin: 'http://localhost',
      host: 'localhost'
    },
    { authorization: 'Bearer x' },
    { authorization: `Bearer ${key.slice(0, -2)}--` },
    { 'x-api-key': key, authorization: `Bearer ${key}` },
    { cookie, authorization: 'Bearer x' }
  ]
  for (const headers of worthless) {
    const answer = await tells(carrel, listing, headers)
    t.match(answer, { statusCode: 401, headers: { 'www-authenticate': 'Bearer realm="Carrel"' } })
    t.match(answer.json(), { statusCode: 401, code: 'SIGN_IN_REQUIRED' }, JSON.stringify(headers))
    t.notOk(answer.headers['set-cookie'])
  }
  t.match((await eventsOf(carrel)).join(), 'credential.refused')
})

t.test('a key comes in by each of its forms, and so does a token, whatever cookie is beside it', async (t) => {
  const { carrel, ann } = await scene(t)
  const { key } = await makesKey(ann)
  const login = { email: 'ann@example.com', password }
  const token = (await carrel.visitor().api('POST', '/api/v1/auth/login', login)).json().access_token
  const bob = await carrel.person('Bob')
  const forms: Record<string, string>[] = [
    { authorization: `Bearer ${key}` },
    { 'x-api-key': key },
    { authorization: `Bearer ${token}` },
    { authorization: `Bearer ${key}`, cookie: bob.headers.cookie as string }
  ]
  for (const headers of forms) {
    const answer = await tells(carrel, calling('list_workspaces'), headers)
    t.match(answer.body, "Ann Arbor's Room")
    t.notMatch(answer.body, 'Bob')
  }
})

t.test('a page of elsewhere is refused, whatever it shows', async (t) => {
  const { carrel, ann } = await scene(t)
  const key = await keyOf(ann)
  const elsewhere: Record<string, string>[] = [
    { origin: 'https://elsewhere.example.com' },
    { origin: 'null' },
    { origin: 'nonsense' },
    { origin: 'https://elsewhere.example.com', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site' },
    { referer: 'https://elsewhere.example.com/page' },
    // A name of elsewhere that was made to lead here.
    { origin: 'http://rebound.example.com', host: 'rebound.example.com' },
    { origin: 'http://rebound.example.com', host: 'rebound.example.com', 'sec-fetch-site': 'same-origin' },
    { origin: 'http://127.0.0.1:3001', host: '127.0.0.1:3000' }
  ]
  for (const headers of elsewhere) {
    const answer = await tells(carrel, listing, { ...key, ...headers })
    t.match(answer.json(), { statusCode: 403, code: 'FOREIGN_ORIGIN' }, JSON.stringify(headers))
  }
  t.match((await eventsOf(carrel)).join(), 'origin.refused')
  for (const origin of ['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000']) {
    const answer = await tells(carrel, listing, { ...key, origin, host: new URL(origin).host })
    t.equal(answer.statusCode, 200, origin)
  }
})

t.test('where it is known how Carrel is called, no other name passes; origins that are listed do', async (t) => {
  const friend = 'https://app.example.com'
  const { carrel, ann } = await scene(t, { PUBLIC_URL: 'https://carrel.example.com', CORS_ORIGINS: friend })
  const key = await keyOf(ann)
  const from = async (origin: string, host = 'carrel.example.com') =>
    (await tells(carrel, listing, { ...key, origin, host })).statusCode
  t.equal(await from('https://carrel.example.com'), 200)
  t.equal(await from('http://carrel.example.com'), 403)
  t.equal(await from('http://127.0.0.1:3000', '127.0.0.1:3000'), 403)
  t.equal(await from('https://elsewhere.example.com'), 403)

  const asks = { origin: friend, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }
  const asked = { ...asks, 'access-control-request-method': 'POST' }
  const before = await carrel.app.inject({ method: 'OPTIONS', url: '/mcp', headers: asked })
  t.match(before, { statusCode: 204, headers: { 'access-control-allow-origin': friend } })
  t.match(before.headers['access-control-allow-headers'], /Mcp-Protocol-Version, Mcp-Method, Mcp-Name/)
  const answer = await tells(carrel, listing, { ...key, ...asks })
  t.match(answer, { statusCode: 200, headers: { 'access-control-allow-origin': friend } })
  const withCookie = await tells(carrel, listing, { ...asks, cookie: ann.headers.cookie as string })
  t.equal(withCookie.statusCode, 401)
})

for (const version of versions) {
  t.test(`a key is shown what it is for, and told what it lacks: ${JSON.stringify(version)}`, async (t) => {
    const { carrel, ann, flat } = await scene(t)
    const document_id = await ann.puts(flat, 'Lease', 'The deposit is two months of rent.')
    const calls: Record<string, object> = {
      list_workspaces: {},
      search: { workspace_id: flat, query: 'deposit' },
      read_passage: { document_id },
      ask: { workspace_id: flat, question: 'How much is the deposit?' },
      save_note: { workspace_id: flat, title: 'Note', text: 'A note.' }
    }
    const sides: [scope: string, shown: string[], other: string][] = [
      ['read', ['list_workspaces', 'search', 'read_passage'], 'write'],
      ['write', ['ask', 'save_note'], 'read']
    ]
    for (const [scope, shown, other] of sides) {
      const { tools, use } = await assistant(t, carrel, await keyOf(ann, { scopes: [scope] }), version)
      const names = (await tools()).map(({ name }) => name)
      t.same(names, shown, scope)
      for (const name of all) {
        const { isError, text } = await use(name, calls[name])
        if (shown.includes(name)) t.notOk(isError, `${name} with ${scope}: ${text}`)
        else t.same({ isError, text }, { isError: true, text: `This needs a key with the scope ${other}.` }, name)
      }
    }
    const kept = (await ann.open('/api/v1/documents')).json().items
    t.equal(kept.length, 2, 'only the key that may write has saved a note')
    t.equal((await eventsOf(carrel)).filter((event) => event.includes('access.denied')).length, 5)
  })
}

t.test('a key for neither reading nor writing is refused at the door', async (t) => {
  const { carrel, ann } = await scene(t)
  const answer = await tells(carrel, listing, await keyOf(ann, { scopes: ['profile', 'email'] }))
  t.match(answer.json(), { statusCode: 403, code: 'SCOPE_MISSING', message: /read or write/ })
  t.match(answer.headers['www-authenticate'], 'error="insufficient_scope", scope="read write"')
})

t.test('a key for one workspace stays there', async (t) => {
  const { carrel, ann, flat } = await scene(t)
  const away = await ann.makesWorkspace('Elsewhere')
  const document_id = await ann.puts(away, 'Boat', 'The boat is called Windlass.')
  const chats = (await ann.api('POST', '/api/v1/chats', { workspace_id: away })).json()
  const { use } = await assistant(t, carrel, await keyOf(ann, { workspace_id: flat }))
  const listed = (await use('list_workspaces')).told.workspaces
  t.same(
    listed.map(({ workspace_id }: { workspace_id: string }) => workspace_id),
    [flat]
  )
  const beyond: [string, object][] = [
    ['search', { workspace_id: away, query: 'boat' }],
    ['read_passage', { document_id }],
    ['ask', { workspace_id: away, question: 'What is the boat called?' }],
    ['ask', { chat_id: chats.id, question: 'What is the boat called?' }],
    ['save_note', { workspace_id: away, title: 'Note', text: 'A note.' }]
  ]
  for (const [name, given] of beyond) t.match(await use(name, given), { isError: true, text: 'There is nothing here.' })
  t.equal((await ann.open(`/api/v1/documents?workspace_id=${away}`)).json().items.length, 1)

  t.notOk((await use('save_note', { workspace_id: flat, title: 'Note', text: 'The boiler is new.' })).isError)
  await carrel.app.reading.done()
  t.match((await use('search', { workspace_id: flat, query: 'boiler' })).text, '> The boiler is new.')
  t.match((await use('ask', { workspace_id: flat, question: 'Is the boiler new?' })).text, '> ')
  t.same((await ann.open('/api/v1/memories')).json().items, [], 'what is asked there is not remembered')
})

t.test('a registered program works in its workspace, and sees no chats but its own', async (t) => {
  const { carrel, ann, flat } = await scene(t)
  await ann.puts(flat, 'Lease', 'The deposit is two months of rent.')
  const about = { upload_name: 'A loader', tags: { model_name: 'none', is_cot: false, document_count: 0 } }
  const made = (await ann.api('POST', '/api/v1/instances', { ...about, workspace_id: flat })).json()
  const shown = Buffer.from(`${made.instance_id}:${made.instance_password}`).toString('base64')
  const { tools, use } = await assistant(t, carrel, { authorization: `Basic ${shown}` })
  t.same(
    (await tools()).map(({ name }) => name),
    all
  )
  const answer = await use('ask', { workspace_id: flat, question: 'How much is the deposit?' })
  t.match(answer.text, 'two months')
  t.notOk((await use('ask', { chat_id: answer.told.chat_id, question: 'And the rent?' })).isError)
  const anns = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  const hers = await use('ask', { chat_id: anns, question: 'What was said here?' })
  t.match(hers, { isError: true, text: 'There is nothing here.' })

  await ann.api('PATCH', `/api/v1/instances/${made.instance_id}`, { disabled: true })
  await t.rejects(use('list_workspaces'), /401|Unauthorized|Sign in/i)
})

for (const version of versions) {
  t.test(`a key that is revoked between two calls is worth nothing: ${JSON.stringify(version)}`, async (t) => {
    const { carrel, ann } = await scene(t)
    const key = await makesKey(ann)
    const { use, tools } = await assistant(t, carrel, withKey(key), version)
    t.notOk((await use('list_workspaces')).isError)
    await ann.api('DELETE', `/api/v1/api-keys/${key.id}`)
    await t.rejects(use('list_workspaces'), /401|Unauthorized|Sign in/i)
    await t.rejects(tools(), /401|Unauthorized|Sign in/i)
  })
}

t.test('who may not read there any more hears nothing of an answer that was being written', async (t) => {
  const model = dictated()
  const { url } = await startModelServer(t, model.script)
  const { carrel, ann, flat } = await scene(t, { MODEL_URL: url, MODEL_NAME: 'small' })
  await ann.puts(flat, 'Lease', 'The deposit is two months of rent.')
  const key = await makesKey(ann)
  const question = { workspace_id: flat, question: 'How much is the deposit?' }
  const asking = tells(carrel, calling('ask', question), withKey(key))
  await model.say('It is two months of rent [1].')
  await ann.api('DELETE', `/api/v1/api-keys/${key.id}`)
  await model.end()
  t.match((await asking).json().result, {
    isError: true,
    content: [{ text: /^This key, token or password opens nothing/ }]
  })
  t.notMatch((await asking).body, 'two months')
})

/** Somebody with a document, an answer and the ids of both. */
async function settles(carrel: Carrel, who: Browser, word: string) {
  const workspace_id = await who.makesWorkspace(`The ${word} papers`)
  const document_id = await who.puts(workspace_id, `${word} rules`, `The ${word} hangs behind the cellar door.`)
  const key = await keyOf(who)
  const question = `Where does the ${word} hang?`
  const asked = (await tells(carrel, calling('ask', { workspace_id, question }), key)).json().result.structuredContent
  await carrel.app.memory.idle()
  const { chat_id, citations } = asked
  return { key, ids: { workspace_id, document_id, chat_id, passage_id: citations[0].passage_id as string } }
}

type Ids = Awaited<ReturnType<typeof settles>>['ids']

const everyCall = (ids: Ids): [string, object][] => [
  ['search', { workspace_id: ids.workspace_id, query: 'cellar door' }],
  ['read_passage', { passage_id: ids.passage_id }],
  ['read_passage', { document_id: ids.document_id }],
  ['read_passage', { document_id: ids.document_id, n: 1, around: 10 }],
  ['ask', { workspace_id: ids.workspace_id, question: 'What hangs behind the cellar door?' }],
  ['ask', { chat_id: ids.chat_id, question: 'What hangs behind the cellar door?' }],
  ['save_note', { workspace_id: ids.workspace_id, title: 'Planted', text: 'Planted.' }],
  ['list_workspaces', { cursor: ids.workspace_id }]
]

/** Ids that differ are not what anything is told by. */
function plain(answer: LightMyRequestResponse, ids: Ids) {
  return Object.entries(ids).reduce((text, [name, id]) => text.replaceAll(id, name), JSON.stringify(seen(answer)))
}

t.test("what is another's is answered byte for byte like what never was", async (t) => {
  const carrel = await startApp(t)
  const { key } = await settles(carrel, await carrel.person('Ann'), 'heliotrope')
  const bob = await carrel.person('Bob')
  const bobs = await settles(carrel, bob, 'windlass')
  const never = Object.fromEntries(Object.keys(bobs.ids).map((name) => [name, newId()])) as Ids
  const nowhere = everyCall(never)
  for (const [at, [name, given]] of everyCall(bobs.ids).entries()) {
    const theirs = await tells(carrel, calling(name, given), key)
    const nobodys = await tells(carrel, calling(name, nowhere[at]?.[1]), key)
    t.equal(plain(theirs, bobs.ids), plain(nobodys, never), `${name} ${Object.keys(given)}`)
    t.notMatch(theirs.body, /windlass/i)
  }
  t.equal((await bob.open('/api/v1/documents')).json().items.length, 1)
})

t.test('whatever Ann does with her tools, what Bob is told with his does not change, nor name it', async (t) => {
  const carrel = await startApp(t)
  const [ann, bob] = [await carrel.person('Ann'), await carrel.person('Bob')]
  const bobs = await settles(carrel, bob, 'windlass')
  const look = async () => {
    const looking = everyCall(bobs.ids).filter(([name]) => name === 'search' || name === 'read_passage')
    const calls: [string, object][] = [
      ...looking,
      ['list_workspaces', {}],
      ['search', { workspace_id: bobs.ids.workspace_id, query: 'heliotrope' }]
    ]
    const answers: string[] = []
    for (const [name, given] of calls)
      answers.push(plain(await tells(carrel, calling(name, given), bobs.key), bobs.ids))
    return answers
  }
  const before = await look()
  t.match(before.join(), /windlass/)
  const anns = await settles(carrel, ann, 'heliotrope')
  const note = { workspace_id: anns.ids.workspace_id, title: 'Heliotrope', text: 'The heliotrope is in bloom.' }
  await tells(carrel, calling('save_note', note), anns.key)
  await carrel.app.reading.done()
  t.same(await look(), before)
  const question = { workspace_id: bobs.ids.workspace_id, question: 'Where is the heliotrope, behind the cellar door?' }
  const asked = (await tells(carrel, calling('ask', question), bobs.key)).json().result
  t.match(JSON.stringify(asked), /windlass/)
  t.notMatch(JSON.stringify(asked), /heliotrope/i)
})

t.test('who is only a viewer may read and ask, but save nothing', async (t) => {
  const { carrel, ann, flat } = await scene(t)
  const bob = await carrel.person('Bob')
  await ann.puts(flat, 'Lease', 'The deposit is two months of rent.')
  await bob.accepts(await ann.invites(flat, 'viewer'))
  const { use } = await assistant(t, carrel, await keyOf(bob))
  t.match((await use('search', { workspace_id: flat, query: 'deposit' })).text, 'two months')
  t.match((await use('ask', { workspace_id: flat, question: 'How much is the deposit?' })).text, 'two months')
  const note = { workspace_id: flat, title: 'Note', text: 'A note.' }
  t.match(await use('save_note', note), { isError: true, text: 'You can read here, but not add or change.' })
})

t.test('calls count against the same limit, and each answer says how many are left', async (t) => {
  const { carrel, ann } = await scene(t, { API_LIMIT: '8' })
  const key = await keyOf(ann)
  const first = await tells(carrel, listing, key)
  t.match(first.headers, { 'ratelimit-limit': '8', 'ratelimit-remaining': '7', 'ratelimit-reset': /^\d+$/ })
  t.same(namesIn(first), all)
  const answers: LightMyRequestResponse[] = []
  for (let n = 0; n < 8; n += 1) answers.push(await tells(carrel, listing, key))
  const last = answers.at(-1)
  t.match(last, { statusCode: 429, headers: { 'retry-after': /^\d+$/, 'ratelimit-remaining': '0' } })
  t.match(last?.json(), { code: 'TOO_MANY' })
  t.match((await eventsOf(carrel)).join(), 'access.limited')
})
