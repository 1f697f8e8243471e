import { stopWords } from './stop-words.ts'

const longestWord = 64
const mostWordsAsked = 300

const scripts = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar']
const unspaced = scripts.map((script) => `\\p{scx=${script}}`).join('')
const run = new RegExp(`[${unspaced}]+|[^${unspaced}]+`, 'gu')
const startsUnspaced = new RegExp(`^[${unspaced}]`, 'u')
const word = /[\p{L}\p{M}\p{N}\p{Co}]+/gu

/** As the tokenizer of SQLite, which each of these passes through once more, splits and keeps them. */
export const tokenizer = `porter unicode61 remove_diacritics 2 categories 'L* M* N* Co'`

/** Every letter with the one after it, and the last alone, so that each begins one of them. */
function pairs(letters: string[]): string[] {
  return letters.map((letter, at) => letter + (letters[at + 1] ?? ''))
}

function* runsOf(text: string): Generator<string> {
  for (const [found] of text.normalize('NFKC').toLowerCase().matchAll(word)) {
    for (const [part] of found.matchAll(run)) yield part
  }
}

/** The words of a text as they are indexed; where a script has no spaces, pairs of its letters. */
export function wordsOf(text: string): string[] {
  const words: string[] = []
  for (const part of runsOf(text)) {
    if (startsUnspaced.test(part)) words.push(...pairs([...part]))
    else words.push(part.slice(0, longestWord))
  }
  return words
}

export type AskedWords = { words: string[]; beginnings: string[] }

/** Each as often as it was said, but only so many different ones. */
function first(words: string[]): string[] {
  const different = new Set<string>()
  for (const word of words) if (different.size < mostWordsAsked) different.add(word)
  return words.filter((word) => different.has(word))
}

/**
 * The words to look for, as often as they were said; words that say nothing only if there are no others. A letter of a
 * script without spaces that stands alone is looked for as the beginning of a pair.
 */
export function wordsAsked(question: string): AskedWords {
  const words: string[] = []
  const beginnings = new Set<string>()
  for (const part of runsOf(question)) {
    const letters = startsUnspaced.test(part) ? [...part] : undefined
    if (!letters) words.push(part.slice(0, longestWord))
    else if (letters.length === 1) beginnings.add(part)
    else words.push(...pairs(letters).slice(0, -1))
  }
  const telling = words.filter((word) => !stopWords.has(word))
  const kept = telling.length + beginnings.size > 0 ? telling : words
  return { words: first(kept), beginnings: [...beginnings].slice(0, mostWordsAsked) }
}
