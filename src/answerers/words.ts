import { functionWordsOf } from './function-words.ts'

export type Word = { start: number; end: number; text: string; stem: string; empty: boolean }

/** Scripts that are written without spaces are read two characters at a time. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー]/u
const runs =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー\u0e30-\u0e4e]+|\p{N}+(?:[.,:/]\p{N}+)*|[\p{L}\p{M}\p{N}_]+(?:['’]\p{L}+)?/gu

/** Lower case, without accents and ligatures. */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  if (/^[\x00-\x7f]*$/.test(lower)) return lower
  return lower
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ß', 'ss')
    .replaceAll('’', "'")
}

const vowel = /[aeiouy]/

function withoutEnding(word: string, ending: string): string | undefined {
  if (!word.endsWith(ending)) return undefined
  const rest = word.slice(0, -ending.length)
  return rest.length > 2 && vowel.test(rest) ? rest : undefined
}

/** Takes light endings off a folded word: enough to bring "repairs", "repaired" and "repairing" together. */
export function stemOf(folded: string): string {
  let word = folded.replace(/'.*$/, '')
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word
  if (word.endsWith('ies') && word.length > 4) word = `${word.slice(0, -3)}y`
  else if (/[^su]s$/.test(word)) word = word.slice(0, -1)
  const bare = withoutEnding(word, 'ing') ?? withoutEnding(word, 'ed') ?? withoutEnding(word, 'ly') ?? word
  if (bare !== word && /([^aeiouls])\1$/.test(bare)) word = bare.slice(0, -1)
  else word = bare
  if (word.length > 4 && word.endsWith('e')) word = word.slice(0, -1)
  return word.length > 3 && word.endsWith('y') ? `${word.slice(0, -1)}i` : word
}

function inPairs(text: string, start: number): Word[] {
  const characters = [...text]
  if (characters.length === 1) return [{ start, end: start + text.length, text, stem: text, empty: false }]
  const words: Word[] = []
  let at = start
  for (const [place, character] of characters.slice(0, -1).entries()) {
    const pair = character + characters[place + 1]
    words.push({ start: at, end: at + pair.length, text: pair, stem: pair, empty: /^\p{sc=Hiragana}+$/u.test(pair) })
    at += character.length
  }
  return words
}

/** The words of a text and where they stand. An empty one is a function word of its language. */
export function wordsIn(text: string): Word[] {
  const found = [...text.matchAll(runs)].map(({ 0: run, index }) => ({ run, index, folded: fold(run) }))
  const empty = functionWordsOf(found.map(({ folded }) => folded))
  return found.flatMap(({ run, index, folded }) => {
    if (unspaced.test(run)) return inPairs(run, index)
    const [start, end] = [index, index + run.length]
    return [
      { start, end, text: run, stem: stemOf(folded), empty: empty.has(folded) || empty.has(folded.replace(/'.*$/, '')) }
    ]
  })
}

/**
 * How well a word of a text stands for a word of the question: 1 where they are the same, less where one is made from
 * the other, by another ending or as part of a compound.
 */
export function akin(stem: string, other: string): number {
  if (stem === other) return 1
  const [short, long] = stem.length < other.length ? [stem, other] : [other, stem]
  if (short.length < 5 || /\d/.test(long)) return 0
  if (long.startsWith(short.slice(0, -1)) && long.length - short.length <= 5) return 0.6
  return short.length > 5 && (long.startsWith(short) || long.endsWith(short)) ? 0.5 : 0
}
