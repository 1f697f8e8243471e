import type { Source } from './answerer.ts'
import { kindAskedFor } from './asked-for.ts'
import { contentWords, listenFor, pairsOf, rarities } from './listening.ts'
import { type Span, sentencesIn } from './sentences.ts'
import { type Word, wordsIn } from './words.ts'

export type Sentence = Span & {
  source: Source
  /** Where it stands among the sentences of its source. */
  place: number
  words: Word[]
  score: number
}

type Hearing = (term: number) => number
type Heard = Sentence & { heard: Hearing }
type Passage = { source: Source; sentences: Heard[]; heading: Hearing; anywhere: Hearing }

const mostWords = 50

/** How much each thing counts, beside the words of the question that a sentence holds itself, which count 1. */
export const weights = {
  leaning: 0.5,
  heading: 0.5,
  neighbour: 0.3,
  phrase: 0.15,
  kind: 0.1,
  source: 0.25,
  first: 0.03,
  scrap: 0.25
}

/** A heading says what all of its text is about, for trust nearly as well as the text itself. */
const headingForTrust = 0.8

const silence: Hearing = () => 0

function read(source: Source, listen: (words: Word[]) => Hearing): Passage {
  const words = wordsIn(source.text)
  let next = 0
  const sentences = sentencesIn(source.text).map(({ start, end }, place): Heard => {
    while ((words[next]?.start ?? end) < start) next += 1
    const from = next
    while ((words[next]?.start ?? end) < end) next += 1
    const own = words.slice(from, next)
    return { source, place, start, end, words: own, score: 0, heard: listen(own) }
  })
  const heading = listen(wordsIn(`${source.title} ${source.section}`))
  return { source, sentences, heading, anywhere: listen(words) }
}

/** The terms of a question: its own, and for half their weight what it borrows of what was said before. */
function termsOf(question: string, leaning: string): { asked: Word[]; stems: string[]; parts: number[] } {
  const own = contentWords(question).slice(0, mostWords)
  // "And when was that?" says nothing itself.
  const asked = leaning && own.every(({ empty }) => empty) ? [] : own
  const borrowed = contentWords(leaning).filter(({ stem }) => !asked.some((word) => word.stem === stem))
  const terms = [...asked, ...borrowed]
  const parts = terms.map((_, term) => (term < asked.length ? 1 : weights.leaning))
  return { asked, stems: terms.map(({ stem }) => stem), parts }
}

/** How much of the terms is heard, from 0 to 1. */
function shareOf(worths: number[]) {
  const whole = worths.reduce((total, worth) => total + worth, 0) || 1
  return (hearing: Hearing) => worths.reduce((total, worth, term) => total + worth * hearing(term), 0) / whole
}

/**
 * The sentences of the sources, each with how well it answers: by the words of the question that it holds, the rare ones
 * more, and to a part those of its heading and its neighbours; by whether it has the kind of thing that is asked for;
 * and by what the search thought of its source. `trust` is how much of the question the best passage and the best
 * sentence speak of, from 0 to 1.
 */
export function weigh(question: string, sources: Source[], leaning = ''): { sentences: Sentence[]; trust: number } {
  const { asked, stems, parts } = termsOf(question, leaning)
  const listen = listenFor(stems)
  const passages = sources.map((source) => read(source, listen))
  const all = passages.flatMap(({ sentences }) => sentences)
  const rarity = rarities(
    all.map(({ heard }) => heard),
    stems.length
  )
  const share = shareOf(rarity.map((worth, term) => worth * (parts[term] ?? 1)))

  const shows = kindAskedFor(question)
  const phrases = pairsOf(asked)
  const best = Math.max(...sources.map(({ score }) => score || 0), 1e-9)

  function scoreOf(sentence: Heard, { source, sentences, heading, anywhere }: Passage): number {
    const { heard, place, words } = sentence
    const [before, after] = [sentences[place - 1]?.heard ?? silence, sentences[place + 1]?.heard ?? silence]
    const near: Hearing = (term) => Math.max(before(term), 0.8 * after(term), 0.7 * anywhere(term))
    const said: Hearing = (term) =>
      Math.max(heard(term), weights.heading * heading(term), weights.neighbour * near(term))
    const pairs = pairsOf(words)
    const text = source.text.slice(sentence.start, sentence.end)
    const scrap = words.filter(({ empty }) => !empty).length < 4 || text.endsWith('?')
    return (
      share(said) +
      weights.phrase * ([...phrases].filter((pair) => pairs.has(pair)).length / (phrases.size || 1)) +
      weights.kind * Number(shows?.(text) ?? false) +
      weights.source * (Math.max(0, source.score || 0) / best) +
      (place === 0 ? weights.first : 0) -
      (scrap ? weights.scrap : 0)
    )
  }

  for (const passage of passages) {
    for (const sentence of passage.sentences) sentence.score = scoreOf(sentence, passage)
  }
  const spokenOf = (share: (hearing: Hearing) => number, hearing: Hearing, { heading }: Passage) =>
    share((term) => Math.max(hearing(term), headingForTrust * heading(term)))
  const inPassages = passages.map((passage) => spokenOf(shareOf(parts), passage.anywhere, passage))
  const inSentences = passages.flatMap((passage) =>
    passage.sentences.map(({ heard }) => spokenOf(share, heard, passage))
  )
  return { sentences: all, trust: (Math.max(0, ...inPassages) + Math.max(0, ...inSentences)) / 2 }
}
