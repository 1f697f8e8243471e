import type { Answerer, Asked, Piece, Source } from '../../src/answerers/answerer.ts'

/** Passages of one document each, the best first. */
export function passages(...texts: (string | Partial<Source>)[]): Source[] {
  return texts.map((given, place) => {
    const n = place + 1
    const more = typeof given === 'string' ? { text: given } : given
    const plain = { n, passage: `passage-${n}`, document: `document-${n}`, title: `Paper ${n}`, section: '', text: '' }
    return { ...plain, score: 1 - place / 20, ...more }
  })
}

export const asked = (question: string, sources: Source[], more: Partial<Asked> = {}): Asked => ({
  question,
  sources,
  turns: [],
  memories: [],
  preferences: {},
  signal: new AbortController().signal,
  ...more
})

/** The whole of an answer: its pieces, its Markdown, its quotes, how it came out, and what it was thrown. */
export async function hear(answerer: Answerer, question: Asked) {
  const pieces: Piece[] = []
  const markdown = () => pieces.map(({ text }) => text).join('')
  const quotes = () => pieces.flatMap((piece) => (piece.kind === 'quote' ? [piece] : []))
  const answer = answerer.answer(question)
  try {
    for (;;) {
      const { done, value } = await answer.next()
      if (done) return { pieces, markdown: markdown(), quotes: quotes(), outcome: value, error: undefined }
      pieces.push(value)
    }
  } catch (error) {
    return {
      pieces,
      markdown: markdown(),
      quotes: quotes(),
      outcome: undefined,
      error: error as Error & { reason?: string }
    }
  }
}
