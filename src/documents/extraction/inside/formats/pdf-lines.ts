import type { TextItem } from 'pdfjs-dist/types/src/display/api.d.ts'

/** A line as it stands on a page: where it begins and ends in the direction it is read in, how high, how large. */
export type Line = { text: string; from: number; to: number; y: number; size: number; page: number }

const left = ({ transform }: TextItem) => Number(transform[4])
const baseline = ({ transform }: TextItem) => Number(transform[5])
const height = (item: TextItem) => item.height || Math.hypot(Number(item.transform[2]), Number(item.transform[3]))

const leaders = /(?:\s?[.·•_]){5,}/g

/** The size most of its letters have, so that one large letter does not make a heading of a line. */
function sizeOf(items: TextItem[]): number {
  const letters = new Map<number, number>()
  for (const item of items) {
    const size = Math.round(height(item) * 2) / 2
    letters.set(size, (letters.get(size) ?? 0) + item.str.trim().length)
  }
  return [...letters].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0])[0]
}

function lineOf(items: TextItem[], page: number): Line[] {
  const text = items.map(({ str, hasEOL }) => (hasEOL ? `${str} ` : str)).join('')
  const [first] = items
  if (!first || !/\S/.test(text)) return []
  const start = Math.min(...items.map(left))
  const end = Math.max(...items.map((item) => left(item) + item.width))
  const [from, to] = items.some(({ dir }) => dir === 'rtl') ? [-end, -start] : [start, end]
  return [{ text: text.replaceAll(leaders, ' … ').trim(), from, to, y: baseline(first), size: sizeOf(items), page }]
}

/** What stands on a page, line by line; a raised figure or a column beside it does not begin another line. */
export function linesOn(page: number, items: TextItem[]): Line[] {
  const lines: TextItem[][] = [[]]
  for (const item of items) {
    const line = lines.at(-1) as TextItem[]
    const before = line.at(-1)
    if (before && item.hasEOL && !item.str) before.hasEOL = true
    if (!item.str) continue
    const moved = before ? Math.abs(baseline(before) - baseline(item)) : 0
    if (before?.hasEOL && moved > height(item) / 2) lines.push([item])
    else line.push(item)
  }
  return lines.flatMap((line) => lineOf(line, page))
}
