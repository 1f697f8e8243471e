import type { PDFDocumentProxy } from 'pdfjs-dist'
import type { Level } from '../../format.ts'
import type { Paragraph } from './pdf-paragraphs.ts'

const larger = 1.12
const longest = 200
const mostBookmarks = 5_000
const deepest = 6

// A line of a table of contents.
const leadsToPage = / … \S*$/

const lettersOf = (text: string) => text.replaceAll(/[^\p{L}]/gu, '').toLowerCase()
const asLevel = (number: number) => Math.min(number, deepest) as Level

type Outline = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>

/** What the bookmarks of a document name, and how deep. */
async function bookmarks(document: PDFDocumentProxy): Promise<Map<string, Level>> {
  const found = new Map<string, Level>()
  const waiting = [{ items: await document.getOutline().catch(() => null), level: 1 }] as {
    items: Outline
    level: number
  }[]
  for (const { items, level } of waiting) {
    for (const item of items ?? []) {
      const letters = lettersOf(item.title)
      if (letters && !found.has(letters)) found.set(letters, asLevel(level))
      if (item.items.length > 0 && found.size < mostBookmarks) waiting.push({ items: item.items, level: level + 1 })
    }
  }
  return found
}

/** The size most letters have. */
function bodySize(paragraphs: Paragraph[]): number {
  const letters = new Map<number, number>()
  for (const { text, size } of paragraphs) letters.set(size, (letters.get(size) ?? 0) + text.length)
  return [...letters].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0])[0]
}

/** Tells headings by the bookmarks, and by being larger than the rest of what the first pages hold. */
export async function headingTeller(document: PDFDocumentProxy, firstPages: Paragraph[]) {
  const named = await bookmarks(document)
  const body = bodySize(firstPages)
  const isLarge = ({ text, size }: Paragraph) =>
    size > body * larger && text.length <= longest && lettersOf(text).length > 1
  const sizes = [...new Set(firstPages.filter(isLarge).map(({ size }) => size))].sort((a, b) => b - a)

  return (paragraph: Paragraph): Level | undefined => {
    if (paragraph.text.length > longest || leadsToPage.test(paragraph.text)) return
    const level = named.get(lettersOf(paragraph.text))
    if (level) return level
    if (isLarge(paragraph)) return asLevel(1 + sizes.filter((size) => size > paragraph.size).length)
  }
}
