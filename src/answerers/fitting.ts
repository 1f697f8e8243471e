import type { Memory, Source, Turn } from './answerer.ts'

const dense =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Devanagari}]/gu

/** About how many tokens a text has, rather too many than too few. No tokenizer fits every model. */
export function tokensIn(text: string): number {
  const close = text.match(dense)?.length ?? 0
  return Math.ceil(close + (text.length - close) / 3.3)
}

const around = 12
const forMemories = 0.1
const forTurns = 0.25

/** As many from the front as fit, and what is left. */
function fill<Item>(items: Item[], room: number, textOf: (item: Item) => string): { taken: Item[]; left: number } {
  const taken: Item[] = []
  let left = room
  for (const item of items) {
    const size = tokensIn(textOf(item)) + around
    if (size > left) break
    taken.push(item)
    left -= size
  }
  return { taken, left }
}

const sourceText = ({ title, section, text }: Source) => `${title} ${section} ${text}`
const text = ({ text }: { text: string }) => text

/**
 * What goes into so many tokens: a share of them for memories and for the last turns, the rest for passages, the best
 * first. The oldest turns and the weakest passages stay out; what the turns leave free goes to passages, and back.
 */
export function fit(
  room: number,
  { sources, turns, memories }: { sources: Source[]; turns: Turn[]; memories: Memory[] }
) {
  const remembered = fill(memories, room * forMemories, text)
  const spent = room * forMemories - remembered.left
  const newestFirst = turns.toReversed()
  const recent = fill(newestFirst, room * forTurns, text)
  const rest = room - spent - (room * forTurns - recent.left)
  const strongest = sources.toSorted((a, b) => b.score - a.score)
  const passages = fill(strongest, rest, sourceText)
  const older = fill(newestFirst.slice(recent.taken.length), passages.left, text)
  const [first] = strongest
  // One passage is always read, though only its beginning may fit.
  const kept =
    passages.taken.length === 0 && first
      ? [{ ...first, text: first.text.slice(0, Math.max(200, rest * 2)) }]
      : passages.taken
  return {
    sources: kept.toSorted((a, b) => a.n - b.n),
    turns: [...recent.taken, ...older.taken].toReversed(),
    memories: remembered.taken
  }
}
