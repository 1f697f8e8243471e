import type { Line } from './pdf-lines.ts'

const pageNumber = /^[\W_]*(?:page|seite|p\.|s\.)?\s*(?:\d{1,5}|[ivxlc]{1,8})(?:\s*(?:\/|of|von|de)\s*\d{1,5})?[\W_]*$/i
const longest = 150

const withoutFigures = (line: Line) => line.text.replaceAll(/\d+/g, '#')

/** Drops the number of each page, and what stands at the top or the foot of one page after the other. */
export function withoutFurniture() {
  let before = new Set<string>()

  return (lines: Line[]): Line[] => {
    const byHeight = lines.toSorted((a, b) => b.y - a.y)
    const edges = new Set([...byHeight.slice(0, 2), ...byHeight.slice(-2)].filter(({ text }) => text.length < longest))
    const outermost = new Set([byHeight[0], byHeight.at(-1)])
    const dropped = (line: Line) =>
      edges.has(line) && (before.has(withoutFigures(line)) || (outermost.has(line) && pageNumber.test(line.text)))
    const kept = lines.filter((line) => !dropped(line))
    before = new Set([...edges].map(withoutFigures))
    return kept
  }
}
