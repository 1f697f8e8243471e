import type { Block } from '../documents/block.ts'
import { sentences } from './sentences.ts'
import { sizeOf } from './size.ts'

/** What is never cut through: a sentence, or a part of one that is too long. */
export type Unit = {
  text: string
  size: number
  paragraph: Paragraph
  /** What a cut before it would go through. */
  inside: 'nothing' | 'paragraph' | 'sentence' | 'word'
}
export type Paragraph = { heading?: Block['heading']; page?: number | undefined; path: string[] }

const longestSentence = 60
const longestPart = 30
const longestName = 120

const blankLines = /\n[^\S\n]*\n\s*/u
const chunks = /\S+\s*/gu
/** Letters are never parted from the marks on them. */
const letters = new RegExp(`[^]{1,${longestPart}}\\p{M}{0,8}\\s*`, 'gu')

type Part = Pick<Unit, 'text' | 'size' | 'inside'>

function partsOfChunk(chunk: string): Part[] {
  const size = sizeOf(chunk)
  if (size <= longestPart) return [{ text: chunk, size, inside: 'sentence' }]
  return [...chunk.matchAll(letters)].map(([text], at) => ({
    text,
    size: sizeOf(text),
    inside: at === 0 ? 'sentence' : 'word'
  }))
}

/** Words as many together as make a part, so that a text without a full stop is not cut at every one. */
function partsOfSentence(sentence: string): Part[] {
  const size = sizeOf(sentence)
  if (size <= longestSentence) return [{ text: sentence, size, inside: 'paragraph' }]
  const parts: Part[] = []
  for (const part of [...sentence.matchAll(chunks)].flatMap(([chunk]) => partsOfChunk(chunk))) {
    const last = parts.at(-1)
    if (!last || part.inside === 'word' || last.size + part.size > longestPart) parts.push(part)
    else {
      last.text += part.text
      last.size += part.size
    }
  }
  return parts.map((part, at) => (at === 0 ? { ...part, inside: 'paragraph' } : part))
}

function nameOf(heading: string): string {
  const name = heading.replaceAll(/\s+/gu, ' ').slice(0, longestName + 1)
  return name.length > longestName ? `${name.slice(0, longestName).trimEnd()}…` : name
}

/** Everything in order, each with the headings above it. */
export function unitsOf(blocks: Block[]): Unit[] {
  const units: Unit[] = []
  let above: { level: number; name: string }[] = []
  for (const { text, heading, page } of blocks) {
    for (const paragraph of text.split(blankLines).map((part) => part.trim())) {
      if (!paragraph) continue
      if (heading) {
        above = [...above.filter(({ level }) => level < heading), { level: heading, name: nameOf(paragraph) }]
      }
      const of: Paragraph = { heading, page, path: above.map(({ name }) => name) }
      const parts = sentences(paragraph).flatMap(partsOfSentence)
      for (const [at, part] of parts.entries()) {
        units.push({ ...part, inside: at === 0 ? 'nothing' : part.inside, paragraph: of })
      }
    }
  }
  return units
}
