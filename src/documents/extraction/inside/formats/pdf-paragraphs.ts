import { startsItem } from '../lines.ts'
import type { Line } from './pdf-lines.ts'
import { wordJoiner } from './pdf-words.ts'

export type Paragraph = { text: string; size: number; page: number }

const sameSize = 1.1
const indent = 0.8
const looser = 1.2
const widestLeading = 2.5
const usualLeading = 1.4
const beside = 20
const nearlyFull = 0.7

/** The usual distance from one line to the next, by which a larger one is known. */
function leadingOf(lines: Line[]): number {
  const seen = new Map<number, number>()
  for (const [at, line] of lines.entries()) {
    const gap = Math.round((lines[at - 1]?.y ?? line.y) - line.y)
    if (gap > 0 && gap < line.size * widestLeading) seen.set(gap, (seen.get(gap) ?? 0) + 1)
  }
  return [...seen].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0])[0]
}

/** Where lines usually end that begin about where this one does. */
function marginsOf(lines: Line[]) {
  const furthest = new Map<number, number>()
  const column = ({ from }: Line) => Math.round(from / beside)
  for (const line of lines) furthest.set(column(line), Math.max(furthest.get(column(line)) ?? line.to, line.to))
  return (line: Line) => Math.max(...[-1, 0, 1].map((next) => furthest.get(column(line) + next) ?? line.to))
}

/** True where the next line was begun only because there was no room for its first word on the last one. */
function wasFull(line: Line, next: Line, margin: number): boolean {
  const letter = (next.to - next.from) / next.text.length
  const firstWord = /^\S+/.exec(next.text)?.[0].length ?? 0
  if (line.to + (firstWord + 1) * letter > margin) return true
  const sentenceGoesOn = /[^.:;!?]$/.test(line.text) && /^\p{Ll}/u.test(next.text)
  return sentenceGoesOn && line.to - line.from > (margin - line.from) * nearlyFull
}

/** A paragraph that was not at its end when the page was. */
function runsOn(paragraph: Paragraph, next: Paragraph): boolean {
  const sameLook = Math.max(paragraph.size, next.size) <= Math.min(paragraph.size, next.size) * sameSize
  return sameLook && /[\p{L}\p{N},\-‐]$/u.test(paragraph.text) && /^\p{Ll}/u.test(next.text)
}

/** Lines of one page after the other become paragraphs again; the last of each page waits for the next page. */
export function paragraphMaker() {
  const words = wordJoiner()
  let waiting: Paragraph | undefined

  function onPage(lines: Line[]): Paragraph[] {
    const leading = leadingOf(lines)
    const marginOf = marginsOf(lines)
    const paragraphs: Line[][] = []

    function continues(paragraph: Line[], next: Line): boolean {
      const last = paragraph.at(-1) as Line
      const gap = last.y - next.y
      const larger = Math.max(last.size, next.size)
      if (larger > Math.min(last.size, next.size) * sameSize || startsItem(next.text)) return false
      if (gap <= 0 || gap > Math.max(leading * looser, larger * usualLeading)) return false
      const moved = next.from - last.from
      if (moved > larger * indent && !startsItem(last.text)) return false
      if (moved < -larger * indent && paragraph.length > 1) return false
      return wasFull(last, next, marginOf(last))
    }

    for (const line of lines) {
      words.remember(line.text)
      const paragraph = paragraphs.at(-1)
      if (paragraph && continues(paragraph, line)) paragraph.push(line)
      else paragraphs.push([line])
    }
    return paragraphs.map((all) => {
      const [{ size, page }] = all as [Line]
      return { text: all.map(({ text }) => text).reduce(words.join), size, page }
    })
  }

  function next(lines: Line[]): Paragraph[] {
    const [first, ...others] = onPage(lines)
    const found = waiting ? [waiting] : []
    if (first && waiting && runsOn(waiting, first)) waiting.text = words.join(waiting.text, first.text)
    else if (first) found.push(first)
    found.push(...others)
    waiting = found.pop()
    return found
  }

  return { next, last: () => (waiting ? [waiting] : []) }
}
