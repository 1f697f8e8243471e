import type { Source } from './answerer.ts'

type Plain = { text: string; starts: number[]; ends: number[] }

const unseen = /[\u00ad\u200b-\u200f\u2060\ufeff]/

/** One character without what typesetting does to it. */
function plainCharacter(character: string): string {
  if (/[a-z0-9]/.test(character)) return character
  if (/\s/.test(character)) return ' '
  if (unseen.test(character)) return ''
  if (/[‘’‚‛′`´]/.test(character)) return "'"
  if (/[“”„‟«»″]/.test(character)) return '"'
  if (/[‐‑‒–—―−]/.test(character)) return '-'
  return character.normalize('NFKC').toLowerCase()
}

/** A text without the differences that a quote of it may have, and where each character of that came from. */
function plain(text: string): Plain {
  const [starts, ends]: [number[], number[]] = [[], []]
  let made = ''
  let at = 0
  for (const character of text) {
    const one = plainCharacter(character)
    if (one !== ' ' || !made.endsWith(' ')) {
      made += one
      for (let unit = 0; unit < one.length; unit += 1) {
        starts.push(at)
        ends.push(at + character.length)
      }
    }
    at += character.length
  }
  return { text: made, starts, ends }
}

const letter = /[\p{L}\p{N}]/u

/** Not in the middle of a word. */
function atWords(text: string, from: number, to: number): boolean {
  const cuts = (at: number) =>
    letter.test(text[at - 1] ?? '') && letter.test(text[at] ?? '') && !/[^\x00-\u024f]/.test(text[at] ?? '')
  return !cuts(from) && !cuts(to)
}

function place(needle: string, { text, starts, ends }: Plain): { start: number; end: number } | undefined {
  for (let from = text.indexOf(needle); from >= 0; from = text.indexOf(needle, from + 1)) {
    const to = from + needle.length
    if (atWords(text, from, to)) return { start: starts[from] as number, end: ends[to - 1] as number }
  }
  return undefined
}

/** A quote as it may be stored: as it was written, without the marks of Markdown, and each without its last stop. */
function needles(quote: string): string[] {
  const unmarked = quote.replace(/[*_]|\\(?=[^\p{L}\p{N}\s])/gu, '')
  const whole = [quote, unmarked].map((text) => plain(text).text.trim())
  const unended = whole.map((text) => text.replace(/[.,;:!?…]+$/, '').trim())
  return [...new Set([...whole, ...unended])].filter((text) => letter.test(text))
}

/** Finds what is said to be a quote in what is stored. Quote marks, dashes, capitals and space need not be the same. */
export function storedTexts(sources: Source[]) {
  const texts = sources.map((source) => ({ source, text: plain(source.text) }))

  function find(quote: string, preferred: number[]): { source: Source; quote: string } | undefined {
    const inOrder = texts.toSorted(
      (a, b) => Number(preferred.includes(b.source.n)) - Number(preferred.includes(a.source.n))
    )
    for (const needle of needles(quote)) {
      for (const { source, text } of inOrder) {
        const found = place(needle, text)
        if (found) return { source, quote: source.text.slice(found.start, found.end) }
      }
    }
    return undefined
  }

  /** Whether some text goes on like this, so that it is worth waiting for the end of the quote. */
  const begins = (quote: string) => {
    const sought = needles(quote)
    return sought.length === 0
      ? quote.length < 20
      : sought.some((needle) => texts.some(({ text }) => text.text.includes(needle)))
  }
  return { find, begins }
}
