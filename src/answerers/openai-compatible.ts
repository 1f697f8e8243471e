import type { OpenAI } from 'openai'
import { AnswerFailed } from './answer-failed.ts'
import type { Answerer, Asked, Kept, Outcome, Piece } from './answerer.ts'
import { checking } from './checking.ts'
import { nothingFound } from './nothing-found.ts'
import { ordinaryPatience, type Patience, patiently } from './patience.ts'
import { type Message, nothing, promptFor } from './prompt.ts'
import { spokenOnly } from './spoken-only.ts'
import { gathered, promptToKeep, understood } from './worth-keeping.ts'

export type ModelServer = {
  url: string
  model: string
  key?: string | undefined
  /** Tokens that the model reads and writes at once; what it is to write is kept free of them. */
  contextTokens?: number
  patience?: Partial<Patience>
}

const forTheAnswer = 1000
const longestAnswer = 30_000
const citesNothing = 'This answer cites none of your documents.'

/** Loaded by the first question: it takes a tenth of a second and 35 MB, and most desks have no model. */
async function connect({ url, key }: ModelServer): Promise<OpenAI> {
  const { OpenAI } = await import('openai')
  return new OpenAI({
    baseURL: url,
    apiKey: key || 'none',
    // The environment may name these for another server.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: 15 * 60 * 1000,
    logLevel: 'off',
    // Passages go to the server that was named, and to no other that it points to.
    fetchOptions: { redirect: 'error' }
  })
}

type Delta = { content?: unknown; reasoning_content?: unknown; reasoning?: unknown }

export function openaiCompatible(server: ModelServer): Answerer {
  const patience = { ...ordinaryPatience, ...server.patience }
  let client: Promise<OpenAI> | undefined

  async function* ask(messages: Message[], used: (tokens: number) => void, signal: AbortSignal) {
    client ??= connect(server)
    const { chat } = await client
    const stream = await chat.completions.create({ model: server.model, messages, stream: true }, { signal })
    let left = longestAnswer
    for await (const { choices, usage } of stream) {
      if (usage?.prompt_tokens) used(usage.prompt_tokens)
      const [choice] = choices ?? []
      const { content, reasoning_content, reasoning }: Delta = choice?.delta ?? {}
      const words = typeof content === 'string' ? content : ''
      if (words) yield words
      else if (reasoning_content || reasoning) yield undefined
      left -= words.length
      if (choice?.finish_reason === 'content_filter') throw new AnswerFailed('withheld')
      if (choice?.finish_reason === 'length' || left < 0) throw new AnswerFailed('cut')
    }
  }

  async function* answer(asked: Asked): AsyncGenerator<Piece, Outcome> {
    const { signal, sources, turns, memories } = asked
    signal.throwIfAborted()
    if (sources.length + turns.length + memories.length === 0) return yield* nothingFound(sources, [])

    const prompt = promptFor(asked, (server.contextTokens ?? 4096) - forTheAnswer)
    const read = prompt.sources.map(({ n }) => n)
    let promptTokens = prompt.tokens
    const used = (tokens: number) => {
      promptTokens = tokens
    }
    const checked = checking(prompt.sources)
    let written = ''
    let shown = false
    try {
      for await (const words of spokenOnly(
        patiently((signal) => ask(prompt.messages, used, signal), patience, signal)
      )) {
        written = shown ? words : (written + words).trimStart()
        if (!shown && written.startsWith(nothing)) return { ...(yield* nothingFound(sources, read)), promptTokens }
        if (!shown && nothing.startsWith(written)) continue
        shown = true
        yield* checked.next(written)
      }
      if (!shown) yield* checked.next(written)
    } catch (error) {
      yield* checked.end()
      throw error
    }
    yield* checked.end()

    const cited = checked.cited()
    if (cited.length === 0 && sources.length > 0) yield { kind: 'note', text: `\n\n${citesNothing}` }
    return { status: 'answered', cited, read, usedMemories: prompt.memories.map(({ id }) => id), promptTokens }
  }

  /** It is asked once: there are rules where it does not answer. */
  async function worthKeeping(question: string, signal: AbortSignal): Promise<Kept[]> {
    const messages = promptToKeep(question)
    const words = patiently((signal) => ask(messages, () => {}, signal), { ...patience, tries: 1 }, signal)
    return understood(await gathered(spokenOnly(words)), question)
  }

  return { name: server.model, quotes: false, answer, worthKeeping }
}
