import { setTimeout as pause } from 'node:timers/promises'
import { type Embedder, unit } from './embedder.ts'

type Settings = {
  url: string
  name: string
  key?: string
  /** Milliseconds for one request. */
  timeLimit?: number
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
}

const textsAtOnce = 32
const longestText = 8000
/** A person waits for a question, which is searched by its words if there is no vector. */
const tries = { question: 2, passage: 5 }
const firstWait = 500
const longestWait = 30_000

class Unreachable extends Error {
  readonly retryAfter: number
  constructor(message: string, retryAfter = 0) {
    super(message)
    this.retryAfter = retryAfter
  }
}

/** The vectors of an answer in the order of the texts, or an error that says what is wrong with it. */
function vectorsOf(answer: unknown, count: number): Float32Array[] {
  const data = (answer as { data?: unknown } | null)?.data
  if (!Array.isArray(data) || data.length !== count) throw new Error('The embedding server did not answer every text.')
  const vectors: Float32Array[] = []
  for (const [at, row] of (data as ({ index?: unknown; embedding?: unknown } | null)[]).entries()) {
    const { index = at, embedding } = row ?? {}
    const numbers = Array.isArray(embedding) && embedding.length > 0 && embedding.every(Number.isFinite)
    if (!numbers || typeof index !== 'number')
      throw new Error('The embedding server answered something else than vectors.')
    vectors[index] = unit(Float32Array.from(embedding as number[]))
  }
  if (Object.keys(vectors).length !== count || vectors.length !== count) {
    throw new Error('The embedding server did not answer every text.')
  }
  return vectors
}

/**
 * Any server with an OpenAI-compatible `/embeddings`. How many numbers its vectors have is known from its first answer;
 * before that `dimensions` is 0.
 */
export function openEndpoint({ url, name, key, timeLimit = 60_000, wait = defaultWait }: Settings): Embedder {
  const address = new URL(url)
  address.pathname = address.pathname.replace(/\/*(\/embeddings\/*)?$/, '/embeddings')
  const closing = new AbortController()
  let dimensions = 0

  async function request(texts: string[]): Promise<Float32Array[]> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeLimit)])
    const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
    const input = texts.map((text) => text.slice(0, longestText) || ' ')
    const body = JSON.stringify({ model: name, input, encoding_format: 'float' })
    const answer = await fetch(address, { method: 'POST', headers, body, signal, redirect: 'error' }).catch((error) => {
      throw new Unreachable(`The embedding server cannot be reached: ${(error as Error).message}`)
    })
    if (answer.status === 429 || answer.status >= 500) {
      await answer.body?.cancel()
      const seconds = Number(answer.headers.get('retry-after')) || 0
      throw new Unreachable(`The embedding server answered ${answer.status}.`, seconds * 1000)
    }
    if (!answer.ok) {
      await answer.body?.cancel()
      throw new Error(`The embedding server answered ${answer.status}.`)
    }
    const text = await answer.text().catch((error) => {
      throw new Unreachable(`The embedding server broke off: ${(error as Error).message}`)
    })
    return vectorsOf(parsed(text), texts.length)
  }

  async function persistently(texts: string[], most: number): Promise<Float32Array[]> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await request(texts)
      } catch (error) {
        if (!(error instanceof Unreachable) || tried >= most || closing.signal.aborted) throw error
        await wait(Math.min(longestWait, Math.max(error.retryAfter, firstWait * 2 ** (tried - 1))), closing.signal)
      }
    }
  }

  function checked(vectors: Float32Array[]): Float32Array[] {
    for (const vector of vectors) {
      dimensions ||= vector.length
      if (vector.length === dimensions) continue
      throw new Error(`The embedding server answered ${vector.length} numbers instead of ${dimensions}.`)
    }
    return vectors
  }

  return {
    id: `${name} at ${address.host}${address.pathname}`,
    get dimensions() {
      return dimensions
    },
    async embed(texts, purpose = 'passage') {
      const vectors: Float32Array[] = []
      for (let from = 0; from < texts.length; from += textsAtOnce) {
        vectors.push(...checked(await persistently(texts.slice(from, from + textsAtOnce), tries[purpose])))
      }
      return vectors
    },
    async close() {
      closing.abort()
    }
  }
}

const defaultWait = (milliseconds: number, signal: AbortSignal) => pause(milliseconds, undefined, { signal })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('The embedding server did not answer JSON.')
  }
}
