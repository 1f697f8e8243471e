import type { Piece, Source } from '../answerers/answerer.ts'
import { choose } from '../answerers/choosing.ts'
import { weigh } from '../answerers/weighing.ts'
import type { Gist } from './keeping.ts'

const most = 3
const words = 60

/**
 * What an answer came to, in sentences of the documents it cites, and not in words of a model, which might mix several:
 * each goes with the document it is from.
 */
export function gistOf(question: string, pieces: Piece[], sources: Source[], cited: number[]): Gist[] {
  const quotes = pieces.flatMap((piece) => {
    const source = piece.kind === 'quote' && sources.find(({ n }) => n === piece.n)
    return source ? [{ text: piece.quote, document: source.document }] : []
  })
  if (quotes.length > 0) return quotes.slice(0, most)
  const read = sources.filter(({ n }) => cited.includes(n))
  if (read.length === 0) return []
  return choose(weigh(question, read).sentences, words)
    .slice(0, most)
    .map(({ source, start, end }) => ({ text: source.text.slice(start, end), document: source.document }))
}
