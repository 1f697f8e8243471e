import type { Block } from '../documents/block.ts'
import { cuts } from './cuts.ts'
import { type Paragraph, type Unit, unitsOf } from './units.ts'

/** A part of a document that is found, shown and cited as one. All of them in a row are the whole document. */
export type Passage = {
  /** Paragraphs, and headings among them, parted by an empty line. */
  text: string
  /** Which of the paragraphs are headings, and of what level. */
  headings: [paragraph: number, level: number][]
  /** The headings it stands under: "Lease › Deposit". */
  section: string
  page?: number
  /** The end of the passage before, where this one goes on with it. It belongs into the index alone. */
  lead: string
}

function common(paths: string[][]): string[] {
  const [first = [], ...others] = paths
  const parted = first.findIndex((name, at) => others.some((other) => other[at] !== name))
  return parted < 0 ? first : first.slice(0, parted)
}

function passageOf(units: Unit[], before: Unit | undefined): Passage {
  const paragraphs = new Map<Paragraph, string>()
  for (const { paragraph, text } of units) paragraphs.set(paragraph, (paragraphs.get(paragraph) ?? '') + text)
  const all = [...paragraphs.keys()]
  const texts = all.filter(({ heading }) => !heading)
  const [first] = units as [Unit]
  const goesOn = before && !first.paragraph.heading && !before.paragraph.heading
  const { page } = first.paragraph
  return {
    text: [...paragraphs.values()].map((text) => text.trim()).join('\n\n'),
    headings: all.flatMap(({ heading }, at) => (heading ? [[at, heading] as [number, number]] : [])),
    section: common((texts.length > 0 ? texts : all.slice(-1)).map(({ path }) => path)).join(' › '),
    ...(page !== undefined && { page }),
    lead: goesOn ? before.text.trim() : ''
  }
}

/** Cuts a document into passages of at most about 180 words. */
export function cut(blocks: Block[]): Passage[] {
  const units = unitsOf(blocks)
  const starts = cuts(units)
  return starts.map((from, at) => passageOf(units.slice(from, starts[at + 1]), units[from - 1]))
}
