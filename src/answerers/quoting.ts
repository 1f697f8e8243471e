import { asMarkdown } from '../chats/as-markdown.ts'
import type { Answerer, Asked, Outcome, Piece, Source } from './answerer.ts'
import { type Chosen, choose } from './choosing.ts'
import { borrowed } from './follow-up.ts'
import { nothingFound } from './nothing-found.ts'
import { weigh } from './weighing.ts'

const wordsFor = { short: 60, normal: 120, long: 200 }

/**
 * Where the passages speak of less of the question than this, they are about something else. What the words miss the
 * vectors may see, and the other way round: with both, each makes up for the other.
 */
function speakOfIt(trust: number, sources: Source[]): boolean {
  const nearness = Math.max(...sources.map(({ dense }) => dense?.score ?? Number.NEGATIVE_INFINITY))
  return Number.isFinite(nearness) ? nearness >= 0.55 || (trust + nearness) / 2 >= 0.43 : trust >= 0.38
}

export const heading = 'From your documents:'

function quoted({ source, start, end, also }: Chosen): Piece {
  const quote = source.text.slice(start, end)
  const cutBefore = /^\p{Ll}/u.test(quote) ? '… ' : ''
  const cutAfter = /[\p{L}\p{N},;]$/u.test(quote) && /^[ \t]*[^\s]/.test(source.text.slice(end)) ? ' …' : ''
  const citations = [source.n, ...also].map((n) => `[${n}]`).join(' ')
  return { kind: 'quote', n: source.n, quote, text: `“${cutBefore}${asMarkdown(quote)}${cutAfter}” ${citations}` }
}

async function* answer({
  question,
  turns,
  sources,
  memories,
  preferences,
  signal
}: Asked): AsyncGenerator<Piece, Outcome> {
  signal.throwIfAborted()
  const lent = borrowed(question, turns, memories)
  const { sentences, trust } = weigh(question, sources, lent.words.join(' '))
  const read = sources.map(({ n }) => n)
  if (sentences.length === 0 || !speakOfIt(trust, sources)) return yield* nothingFound(sources, read)

  yield { kind: 'note', text: heading }
  let last: Source | undefined
  const cited: number[] = []
  for (const chosen of choose(sentences, wordsFor[preferences.length ?? 'normal'])) {
    signal.throwIfAborted()
    yield { kind: 'text', text: chosen.source === last ? ' ' : '\n\n' }
    yield quoted(chosen)
    last = chosen.source
    cited.push(chosen.source.n, ...chosen.also)
  }
  return { status: 'answered', cited: [...new Set(cited)], read, usedMemories: lent.memories }
}

/** Built in, without a model: the sentences of the documents that answer best, said to be quotes. */
export const quoting: Answerer = { name: 'quoting', quotes: true, answer }
