import fc from 'fast-check'
import t, { type Test } from 'tap'
import { addressOf, calling, makesKey, tells, wire, withKey } from '../support/assistant.ts'
import { startApp } from '../support/carrel.ts'
import { dictated, startModelServer } from '../support/model-server.ts'

const listing = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
const latest = '2026-07-28'

/** The same message as the version without a handshake has it. */
const modern = ({ params = {}, ...message }: { params?: object; method: string }, version = latest) => ({
  ...message,
  params: {
    ...params,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' }
    }
  }
})

async function scene(t: Test, settings = {}) {
  const carrel = await startApp(t, settings)
  const ann = await carrel.person('Ann')
  const key = withKey(await makesKey(ann))
  const say = (message: unknown, headers: Record<string, string> = {}) => tells(carrel, message, { ...key, ...headers })
  const faults = async () =>
    carrel.app.db.selectFrom('audit_events').selectAll().where('event', '=', 'error.unexpected').execute()
  return { carrel, ann, key, say, faults, flat: await ann.makesWorkspace('The flat') }
}

t.test('there is nothing to open or to end: each request stands alone', async (t) => {
  const { carrel, ann, key } = await scene(t)
  for (const headers of [{}, key, ann.headers]) {
    for (const method of ['GET', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'] as const) {
      const answer = await carrel.app.inject({ method, url: '/mcp', headers: { ...wire, ...headers } })
      t.match(answer, { statusCode: 405, headers: { allow: 'POST' } }, method)
      if (method !== 'HEAD') t.match(answer.json(), { statusCode: 405, code: 'METHOD_NOT_ALLOWED' })
    }
  }
})

t.test('it is no part of the JSON API, whose reference only says where it is', async (t) => {
  const { ann } = await scene(t)
  const { paths } = (await ann.open('/docs/json')).json()
  t.ok(paths['/api/v1/documents'])
  t.notOk(paths['/mcp'])
  t.match((await ann.open('/docs')).body, /Model Context Protocol at <code>http:\/\/[^<]+\/mcp</)
})

t.test('a version nobody speaks is named, with those that are spoken', async (t) => {
  const { say } = await scene(t)
  const old = await say(listing, { 'mcp-protocol-version': '1999-01-01' })
  t.match(old, { statusCode: 400, body: /Unsupported protocol version.*2025-11-25/ })
  const unborn = modern(listing, '2999-01-01')
  const coming = await say(unborn, { 'mcp-protocol-version': '2999-01-01', 'mcp-method': 'tools/list' })
  t.match(coming.json(), { error: { data: { supported: [latest] } } })
  t.equal(coming.statusCode, 400)
  const asked = { protocolVersion: '1999-01-01', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  const met = await say({ ...listing, method: 'initialize', params: asked })
  t.match(met.json().result.protocolVersion, /^20\d\d-\d\d-\d\d$/, 'it is told another one')
  const called = { 'mcp-protocol-version': latest, 'mcp-method': 'tools/call' }
  t.match(await say(modern(listing), called), { statusCode: 400, body: /headers and body disagree/ })
})

t.test('what is no message is answered in the terms of the protocol, and what is not even JSON in ours', async (t) => {
  const { carrel, key, say, faults } = await scene(t)
  const none = [null, 1, 'text', true, {}, { jsonrpc: '1.0', id: 1, method: 'tools/list' }, { ...listing, id: null }]
  for (const message of [...none, { ...listing, method: 1 }, { ...listing, id: {} }, [1, 'x'], [null], [[listing]]]) {
    const answer = await say(message)
    t.match(answer, { statusCode: 400, headers: { 'content-type': /^application\/json/ } }, JSON.stringify(message))
    t.match(answer.json(), { jsonrpc: '2.0', error: { code: -32600 } }, JSON.stringify(message))
  }
  const send = (payload: string, headers: object = {}) =>
    carrel.app.inject({ method: 'POST', url: '/mcp', headers: { ...wire, ...key, ...headers }, payload })
  t.match((await send('')).json(), { jsonrpc: '2.0', error: { code: -32700 } })
  t.match((await send('{')).json(), { statusCode: 400, code: 'INVALID' })
  t.match((await send(`"${'x'.repeat(6_000_000)}"`)).json(), { statusCode: 413 })
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', '']) {
    t.match((await send('{}', { 'content-type': type })).json(), { statusCode: 415, code: 'WRONG_TYPE' }, type)
  }
  t.match((await send(JSON.stringify(listing), { 'content-type': 'application/json; charset=utf-8' })).statusCode, 200)
  for (const accept of ['text/html', 'application/json', '*/*']) {
    t.match(await say(listing, { accept }), { statusCode: 406, body: /application\/json and text\/event-stream/ })
  }
  t.same(await faults(), [])
})

t.test('methods that are not there are unknown, and what needs no answer gets none', async (t) => {
  const { say } = await scene(t)
  for (const method of ['tools/nothing', 'resources/list', 'prompts/list', 'constructor', '__proto__']) {
    t.match((await say({ ...listing, method })).json(), { id: 1, error: { code: -32601 } }, method)
    const headers = { 'mcp-protocol-version': latest, 'mcp-method': method }
    t.match(await say(modern({ ...listing, method }), headers), { statusCode: 404, body: /-32601/ }, method)
  }
  const listening = modern({ ...listing, method: 'subscriptions/listen', params: { notifications: {} } })
  const refused = await say(listening, { 'mcp-protocol-version': latest, 'mcp-method': 'subscriptions/listen' })
  t.match(refused.json(), { error: { message: /limit/ } }, 'nothing stays open to hear what happens')
  for (const silent of [
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
    { jsonrpc: '2.0', method: 'notifications/unheard-of' },
    { jsonrpc: '2.0', id: 1, result: {} },
    { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'x' } }
  ]) {
    t.match(await say(silent), { statusCode: 202, body: '' }, JSON.stringify(silent))
  }
})

t.test('several messages at once are answered where the version has it, up to ten', async (t) => {
  const { say, flat } = await scene(t)
  const calls = [
    calling('list_workspaces', {}, 'one'),
    calling('search', { workspace_id: 'nonsense', query: 'x' }, 2),
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    calling('save_note', { workspace_id: flat, title: 'Note', text: 'A note.' }, 3)
  ]
  const told = (await say(calls)).json() as { id: unknown; result: { isError?: boolean } }[]
  t.same(
    told.map(({ id, result }) => [id, result.isError ?? false]),
    [
      ['one', false],
      [2, true],
      [3, false]
    ]
  )
  t.equal((await say([listing, listing])).statusCode, 200, 'two of one number do not wait for ever')
  const calledOff = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'one' } }
  const [list] = calls
  t.match((await say([list, calledOff])).json(), { id: 'one', result: {} }, 'nor does one that is called off beside it')
  t.match((await say(Array(10).fill(listing))).statusCode, 200)
  t.match((await say(Array(11).fill(listing))).json(), { error: { message: 'Send at most 10 messages at a time.' } })
  t.match(await say([]), { statusCode: 400, body: /nothing in this batch/ })
  for (const version of ['2025-06-18', '2025-11-25', latest]) {
    const later = await say([listing], { 'mcp-protocol-version': version })
    t.match(later, { statusCode: 400, body: /one message at a time/ }, version)
  }
})

t.test('nothing that a tool is given makes it fail, or reaches what is not there to be reached', async (t) => {
  const { ann, flat, say, faults } = await scene(t)
  const document_id = await ann.puts(flat, 'Lease', 'The deposit is two months of rent.')
  const right: Record<string, object> = {
    list_workspaces: { cursor: flat, limit: 5 },
    search: { workspace_id: flat, query: 'deposit', limit: 5 },
    read_passage: { document_id, n: 1, around: 1 },
    ask: { workspace_id: flat, question: '' },
    save_note: { workspace_id: flat, title: 'Note', text: '', tags: ['home'] }
  }
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constantFrom('\0', '\ud800'))
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    text,
    fc.constantFrom(flat, document_id, -1, 1e300, '__proto__')
  )
  const names = [...new Set(Object.values(right).flatMap((given) => Object.keys(given)))]
  const wrong = fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor'), value, { maxKeys: 4 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(right)), fc.boolean(), wrong, async (name, bare, given) => {
      const answer = await say(calling(name, bare ? given : { ...right[name], ...given }))
      if (![200, 400].includes(answer.statusCode) || /our side/.test(answer.body))
        throw new Error(`${name}: ${answer.body}`)
    }),
    { numRuns: 200 }
  )
  for (const params of [{}, { name: 1 }, { name: 'search', arguments: [] }, { name: 'constructor' }, { name: '' }]) {
    t.match((await say({ ...listing, method: 'tools/call', params })).json(), { error: { code: -32602 } })
  }
  t.same(await faults(), [])
})

t.test('a fault of ours is told by its reference, and nothing of its cause', async (t) => {
  const { carrel, flat, say, faults } = await scene(t)
  const fails = async (error: Error) => {
    carrel.app.searching.find = () => Promise.reject(error)
    const { result } = (await say(calling('search', { workspace_id: flat, query: 'x' }))).json()
    t.equal(result.isError, true)
    return result.content[0].text as string
  }
  t.match(await fails(new Error('the insides')), /^Something went wrong on our side\. Reference: [\w-]+$/)
  t.equal((await faults()).length, 1)
  const full = Object.assign(new Error('the insides'), { code: 'SQLITE_FULL' })
  t.match(await fails(full), /^Carrel cannot reach its storage right now\..*\nTry again in 30 seconds\.$/)
})

t.test('whoever hangs up while an answer is written finds it in the chat', async (t) => {
  const model = dictated()
  const { url } = await startModelServer(t, model.script)
  const { carrel, ann, key, flat, faults } = await scene(t, { MODEL_URL: url, MODEL_NAME: 'small' })
  await ann.puts(flat, 'Lease', 'The deposit is two months of rent.')
  const leaving = new AbortController()
  const asked = fetch(`${await addressOf(carrel)}/mcp`, {
    method: 'POST',
    headers: { ...wire, ...key },
    body: JSON.stringify(calling('ask', { workspace_id: flat, question: 'How much is the deposit?' })),
    signal: leaving.signal
  })
  await model.say('It is two ')
  leaving.abort()
  await t.rejects(asked)
  await model.say('months of rent [1].')
  await model.end()
  await carrel.app.answering.idle()
  const chat = (await ann.open('/api/v1/chats')).json().items[0].id
  const { items } = (await ann.open(`/api/v1/chats/${chat}/messages`)).json()
  t.match(items, [{ answer: { status: 'done', content: /two months of rent/ } }])
  t.same(await faults(), [])
})
