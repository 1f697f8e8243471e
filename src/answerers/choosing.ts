import type { Source } from './answerer.ts'
import { saysTheSame } from './twins.ts'
import type { Sentence } from './weighing.ts'

/** A stretch of a source to be quoted, and the other sources that say the same. */
export type Chosen = { source: Source; start: number; end: number; also: number[] }

type Kept = { sentence: Sentence; also: Set<number> }

const most = 6
const farBehind = 0.65

/** Two characters of a script without spaces are about half a word. */
const lengthOf = ({ words }: Sentence) =>
  words.reduce((total, { text }) => total + (/^[\u0e00-\u9fff\uf900-\uffef]{1,2}$/.test(text) ? 0.5 : 1), 0)

/** "This was the first time" tells little without the sentence before it. */
const pointsBack =
  /^["“'‘(]*(?:this|that|these|those|it|its|he|she|they|his|her|their|such|there|here|however|therefore|thus|so|but|and|also|dies|diese[rs]?|er|sie|es|il|elle|ils|ce|cela|eso|esto|él|ella)(?![\p{L}\p{N}])/iu

/** Takes the best sentences within so many words, each thing said once. */
function pick(sentences: Sentence[], words: number): Kept[] {
  const ranked = sentences.toSorted((a, b) => b.score - a.score)
  const best = ranked[0]?.score ?? 0
  const bar = Math.min(best, best * farBehind)
  const kept: Kept[] = []
  let left = words

  function keep(sentence: Sentence) {
    kept.push({ sentence, also: new Set() })
    left -= lengthOf(sentence)
  }

  function keepWhatItPointsTo({ source, place, start, end }: Sentence) {
    const before = sentences.find((other) => other.source === source && other.place === place - 1)
    const alone =
      before && pointsBack.test(source.text.slice(start, end)) && kept.every(({ sentence }) => sentence !== before)
    if (alone && lengthOf(before) <= left) keep(before)
  }

  for (const sentence of ranked) {
    if (sentence.score < bar || kept.length >= most) break
    if (kept.some((other) => other.sentence === sentence)) continue
    const twin = kept.find((other) => saysTheSame(sentence.words, other.sentence.words))
    if (twin) {
      if (twin.sentence.source.document !== sentence.source.document) twin.also.add(sentence.source.n)
    } else if (lengthOf(sentence) <= left || kept.length === 0) {
      keep(sentence)
      keepWhatItPointsTo(sentence)
    }
  }
  return kept
}

/** Sentences that follow one another in a source make one stretch of it. */
function stretchesOf(source: Source, kept: Kept[]): Chosen[] {
  const stretches: Chosen[] = []
  let last = Number.NaN
  for (const { sentence, also } of kept.toSorted((a, b) => a.sentence.place - b.sentence.place)) {
    const { place, start, end } = sentence
    const before = stretches.at(-1)
    const followsOn = before && place === last + 1 && !/\n\s*\n/.test(source.text.slice(before.end, start))
    if (followsOn) Object.assign(before, { end, also: [...new Set([...before.also, ...also])] })
    else stretches.push({ source, start, end, also: [...also] })
    last = place
  }
  return stretches
}

/** The best sentences, those of one source together in its own order, the source of the very best first. */
export function choose(sentences: Sentence[], words: number): Chosen[] {
  const kept = pick(sentences, words)
  const sources = [...new Set(kept.map(({ sentence }) => sentence.source))]
  return sources.flatMap((source) =>
    stretchesOf(
      source,
      kept.filter(({ sentence }) => sentence.source === source)
    )
  )
}
