import type { Piece, Source } from '../answerers/answerer.ts'
import type { Citation } from './answers.ts'

export type Cited = Source & { passage_n: number }

/** What there is of an answer while it is written. */
export type Progress = { text: string; citations: Citation[] }

const longestQuote = 400
const number = /(?<!\\)\[(\d{1,4})\]/g

export const textOf = (pieces: Piece[]): string => pieces.map(({ text }) => text).join('')

/** The numbers that a text cites, in their order. */
export const numbersIn = (text: string): number[] => [...new Set([...text.matchAll(number)].map(([, n]) => Number(n)))]

const sentence = /[.!?…。！？]["”’»)\]]*$/
const longestHeading = 80

/** A passage from its first sentence on, without the headings above that. */
function withoutHeadings(passage: string): string {
  const paragraphs = passage.split('\n\n')
  const first = paragraphs.findIndex((text) => text.length > longestHeading || sentence.test(text))
  return paragraphs.slice(Math.max(0, first)).join('\n\n')
}

/** What was quoted of a source, or how it begins. */
function quoteOf({ n, text: passage }: Cited, pieces: Piece[]): string {
  const quoted = pieces.find((piece) => piece.kind === 'quote' && piece.n === n)
  if (quoted?.kind === 'quote') return quoted.quote
  const text = withoutHeadings(passage)
  return text.length > longestQuote ? text.slice(0, longestQuote).replace(/\s+\S*$/, '') : text
}

export function citationsOf(cited: number[], pieces: Piece[], sources: Cited[]): Citation[] {
  return sources
    .filter(({ n }) => cited.includes(n))
    .map((source) => ({
      n: source.n,
      document_id: source.document,
      passage_id: source.passage,
      passage_n: source.passage_n,
      title: source.title,
      section: source.section,
      page: source.page ?? null,
      quote: quoteOf(source, pieces)
    }))
}

export function progressOf(pieces: Piece[], sources: Cited[]): Progress {
  const text = textOf(pieces)
  return { text, citations: citationsOf(numbersIn(text), pieces, sources) }
}
