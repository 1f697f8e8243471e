import { asMarkdown } from '../chats/as-markdown.ts'
import type { Outcome, Piece, Source } from './answerer.ts'

const nearest = 3

function whereabouts({ n, title, section, page }: Source): string {
  const place = [title, section === title ? '' : section, page ? `page ${page}` : '']
    .map(asMarkdown)
    .filter(Boolean)
    .join(', ')
  return `\n- ${place || 'A passage'} [${n}]`
}

/** Says so, and offers the nearest passages, instead of guessing. */
export function* nothingFound(sources: Source[], read: number[]): Generator<Piece, Outcome> {
  const near = sources.toSorted((a, b) => b.score - a.score).slice(0, nearest)
  yield { kind: 'note', text: 'Your documents do not seem to answer this.' }
  if (near[0]) yield { kind: 'note', text: ' The nearest passages:\n', n: near[0].n }
  for (const source of near) yield { kind: 'note', text: whereabouts(source), n: source.n }
  return { status: 'nothing-found', cited: near.map(({ n }) => n), read, usedMemories: [] }
}
