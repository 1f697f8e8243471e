import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

type Kind = 'embeddings' | 'completions'

const words = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`
const last = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`

function embed(reply: ServerResponse, input: string[]) {
  const data = input.map((text, index) => ({ index, embedding: [text.length, index + 1, 1] }))
  reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }))
}

/** Models for vectors and for answers, each of which can be made to fall silent, and which tell when they are asked. */
export async function stallingModels(t: Test) {
  const silent = new Set<Kind>()
  const asked = { embeddings: Promise.withResolvers<void>(), completions: Promise.withResolvers<void>() }
  const server = createServer(async (request, reply) => {
    const kind: Kind = request.url?.endsWith('/embeddings') ? 'embeddings' : 'completions'
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const { input } = JSON.parse(Buffer.concat(parts).toString())
    if (kind === 'completions') {
      reply.writeHead(200, { 'content-type': 'text/event-stream' }).write(words('The landlord repairs it '))
      if (!silent.has(kind)) reply.end(words('[1].') + last)
    } else if (!silent.has(kind)) embed(reply, input)
    asked[kind].resolve()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })

  /** Once the model is asked the next time; it answers nothing then if it is to be silent. */
  function next(kind: Kind, { stall = false } = {}) {
    if (stall) silent.add(kind)
    asked[kind] = Promise.withResolvers()
    return asked[kind].promise
  }
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/v1`, next, recover: () => silent.clear() }
}
