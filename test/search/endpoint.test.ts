import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { openEndpoint } from '../../src/search/endpoint.ts'

type Body = { model: string; input: string[] }
type Answer = (request: IncomingMessage, response: ServerResponse, body: Body) => void

const vectorOf = (text: string, dimensions = 3) => Array.from({ length: dimensions }, (_, at) => text.length + at)
const rows = (input: string[], dimensions?: number) =>
  input.map((text, index) => ({ index, embedding: vectorOf(text, dimensions) }))
const good: Answer = (_request, response, { input }) => response.end(JSON.stringify({ data: rows(input).reverse() }))

/** A server that answers each request in the next of these ways, and the last way from then on. */
async function serve(t: Test, ...answers: Answer[]) {
  const seen: { url: string | undefined; authorization: string | undefined; body: Body }[] = []
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Body
    seen.push({ url: request.url, authorization: request.headers.authorization, body })
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    answer?.(request, response, body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const waits: number[] = []
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const wait = async (milliseconds: number) => void waits.push(milliseconds)
  const embedder = openEndpoint({ url, name: 'some-model', key: 'secret', wait })
  t.teardown(async () => {
    await embedder.close()
    server.closeAllConnections()
    server.close()
  })
  return { embedder, seen, waits, url }
}

t.test('texts go to the server in batches, and their vectors come back in order and one long', async (t) => {
  const { embedder, seen } = await serve(t, good)
  t.equal(embedder.dimensions, 0)
  const texts = Array.from({ length: 70 }, (_, at) => 'x'.repeat(at))
  const vectors = await embedder.embed(texts)
  t.equal(vectors.length, 70)
  t.same(
    seen.map(({ body }) => body.input.length),
    [32, 32, 6]
  )
  t.match(seen[0], { url: '/v1/embeddings', authorization: 'Bearer secret', body: { model: 'some-model' } })
  t.equal(embedder.dimensions, 3)
  for (const [at, vector] of vectors.entries()) {
    const length = Math.hypot(...vectorOf('x'.repeat(at || 1)))
    t.ok(Math.abs((vector[0] as number) - (at || 1) / length) < 1e-6, 'an empty text is sent as a space')
  }
})

t.test('a server that stumbles is asked again, later each time', async (t) => {
  const { embedder, seen, waits } = await serve(
    t,
    (_, response) => response.writeHead(503).end(),
    (_, response) => response.writeHead(429, { 'retry-after': '7' }).end(),
    (request) => request.socket.destroy(),
    (_, response, body) => {
      response.writeHead(200, { 'content-length': 10_000 }).write(JSON.stringify(rows(body.input)))
      response.destroy()
    },
    good
  )
  t.equal((await embedder.embed(['hello'])).length, 1)
  t.equal(seen.length, 5)
  t.same(waits, [500, 7000, 2000, 4000])
})

t.test('a question is tried twice only, for somebody waits', async (t) => {
  const { embedder, seen } = await serve(t, (_, response) => response.writeHead(500).end())
  await t.rejects(embedder.embed(['why?'], 'question'), /answered 500/)
  t.equal(seen.length, 2)
  await t.rejects(embedder.embed(['a passage']), /answered 500/)
  t.equal(seen.length, 7)
})

t.test('what is refused or no vector at all is not asked again', async (t) => {
  const answers: [string | number, RegExp][] = [
    [401, /answered 401/],
    ['<html>', /did not answer JSON/],
    ['null', /did not answer every text/],
    ['{"data":[]}', /did not answer every text/],
    ['{"data":[null]}', /something else than vectors/],
    ['{"data":[{"index":0,"embedding":[]}]}', /something else than vectors/],
    ['{"data":[{"index":0,"embedding":[1,null]}]}', /something else than vectors/],
    ['{"data":[{"index":0,"embedding":"AAAA"}]}', /something else than vectors/],
    ['{"data":[{"index":5,"embedding":[1]}]}', /did not answer every text/]
  ]
  for (const [answer, error] of answers) {
    const { embedder, seen } = await serve(t, (_, response) => {
      if (typeof answer === 'number') response.writeHead(answer).end()
      else response.end(answer)
    })
    await t.rejects(embedder.embed(['hello']), error)
    t.equal(seen.length, 1, String(answer))
  }
})

t.test('vectors of another dimension than the first are refused', async (t) => {
  const { embedder } = await serve(t, good, (_, response, { input }) =>
    response.end(JSON.stringify({ data: rows(input, 4) }))
  )
  await embedder.embed(['hello'])
  await t.rejects(embedder.embed(['hello']), /4 numbers instead of 3/)
})

t.test('it is not followed to another address, and leaves no key there', async (t) => {
  const other = await serve(t, good)
  const { embedder } = await serve(t, (_, response) =>
    response.writeHead(307, { location: `${other.url}/embeddings` }).end()
  )
  await t.rejects(embedder.embed(['hello'], 'question'), /cannot be reached/)
  t.equal(other.seen.length, 0)
})

t.test('a server that never answers is given up, also when it is closed', async (t) => {
  const { url } = await serve(t, () => {})
  const hasty = openEndpoint({ url, name: 'some-model', timeLimit: 50, wait: async () => {} })
  await t.rejects(hasty.embed(['why?'], 'question'), /cannot be reached/)

  const patient = openEndpoint({ url, name: 'some-model' })
  const waiting = patient.embed(['why?'])
  await patient.close()
  await t.rejects(waiting, /cannot be reached/)
})

t.test('an address may name the embeddings or not; another model is another embedder', async (t) => {
  const id = (url: string, name = 'm') => openEndpoint({ url, name }).id
  t.equal(id('http://localhost:1/v1'), 'm at localhost:1/v1/embeddings')
  t.equal(id('http://localhost:1/v1/'), id('http://localhost:1/v1/embeddings/'))
  t.not(id('http://localhost:1/v1'), id('http://localhost:1/v1', 'n'))
  t.notMatch(id('http://ann:secret@localhost:1/v1'), 'secret')
})
