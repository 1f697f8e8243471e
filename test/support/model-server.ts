import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

type Message = { role: string; content: string }
export type Heard = {
  url: string
  headers: IncomingHttpHeaders
  body: { model: string; stream: boolean; messages: Message[] }
}

/** How the server answers one question. */
export type Script = (reply: ServerResponse) => void

const event = (data: unknown) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
const delta = (delta: object, finish_reason: string | null = null) =>
  event({ choices: [{ index: 0, delta, finish_reason }] })

function begin(reply: ServerResponse, words: string[]) {
  reply.writeHead(200, { 'content-type': 'text/event-stream' })
  reply.write(delta({ role: 'assistant', content: '' }))
  for (const content of words) reply.write(delta({ content }))
}

export const says =
  (...words: string[]): Script =>
  (reply) => {
    begin(reply, words)
    reply.end(delta({}, 'stop') + event('[DONE]'))
  }

export const stopsBecauseOf =
  (reason: string, ...words: string[]): Script =>
  (reply) => {
    begin(reply, words)
    reply.end(delta({}, reason) + event('[DONE]'))
  }

export const thinksThenSays =
  (thought: string, ...words: string[]): Script =>
  (reply) => {
    begin(reply, [])
    reply.write(delta({ reasoning_content: thought }))
    for (const content of words) reply.write(delta({ content }))
    reply.end(delta({}, 'stop') + event('[DONE]'))
  }

export const hangsUpWhileThinking =
  (thought: string): Script =>
  (reply) => {
    begin(reply, [])
    reply.write(delta({ reasoning_content: thought }), () => reply.destroy())
  }

export const counts =
  (prompt_tokens: number, ...words: string[]): Script =>
  (reply) => {
    begin(reply, words)
    reply.end(
      event({ choices: [], usage: { prompt_tokens, completion_tokens: 1, total_tokens: prompt_tokens + 1 } }) +
        event('[DONE]')
    )
  }

/** Says this and then nothing, without hanging up. */
export const fallsSilentAfter =
  (...words: string[]): Script =>
  (reply) =>
    begin(reply, words)

export const hangsUpAfter =
  (...words: string[]): Script =>
  (reply) => {
    begin(reply, words)
    reply.write(' ', () => reply.destroy())
  }

export const failsAfter =
  (error: object, ...words: string[]): Script =>
  (reply) => {
    begin(reply, words)
    reply.end(event({ error }))
  }

export const sends =
  (body: string, type = 'text/event-stream'): Script =>
  (reply) => {
    reply.writeHead(200, { 'content-type': type }).end(body)
  }

export const refusesWith =
  (status: number, message = 'No.', headers: Record<string, string> = {}): Script =>
  (reply) => {
    reply
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { message } }))
  }

/** Speaks when it is told to, word by word. */
export function dictated() {
  const asked = Promise.withResolvers<ServerResponse>()
  return {
    script: ((reply) => {
      begin(reply, [])
      asked.resolve(reply)
    }) satisfies Script,
    say: async (words: string) => void (await asked.promise).write(delta({ content: words })),
    end: async () => void (await asked.promise).end(delta({}, 'stop') + event('[DONE]'))
  }
}

export const neverReplies: Script = () => {}
export const hangsUp: Script = (reply) => reply.destroy()

/** A server that speaks as OpenAI's does, on loopback: it follows one script for each question, the last from then on. */
export async function startModelServer(t: Test, ...scripts: Script[]) {
  const heard: Heard[] = []
  let gone = () => {}
  const hungUp = new Promise<void>((resolve) => {
    gone = resolve
  })
  const server = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      heard.push({
        url: request.url ?? '',
        headers: request.headers,
        body: JSON.parse(Buffer.concat(parts).toString())
      })
      const script = scripts[Math.min(heard.length, scripts.length) - 1]
      script?.(reply)
    })
    reply.on('close', () => {
      if (!reply.writableFinished) gone()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/v1`, heard, hungUp }
}
