import type { Block, Level } from '../format.ts'
import { type Limits, longestTitle } from '../limits.ts'
import { Unreadable } from '../unreadable.ts'
import { pieces, plain } from './plain.ts'

const longestHeading = 300
const batchOfCharacters = 32 * 1024
const batchOfBlocks = 500

type Place = { heading?: Level | undefined; page?: number | undefined }

/** Where the text of a file is written, block by block, and handed on in batches. */
export function openOutput(limits: Limits, say: (said: object) => void) {
  let batch: Block[] = []
  let inBatch = 0
  let characters = 0
  let blocks = 0

  function flush() {
    if (batch.length > 0) say({ blocks: batch })
    batch = []
    inBatch = 0
  }

  function put(text: string, { heading, page }: Place) {
    characters += text.length
    blocks += 1
    if (characters > limits.characters) throw new Unreadable('characters')
    if (blocks > limits.blocks) throw new Unreadable('blocks')
    batch.push({ text, ...(heading && text.length <= longestHeading && { heading }), ...(page && { page }) })
    inBatch += text.length
    if (inBatch >= batchOfCharacters || batch.length >= batchOfBlocks) flush()
  }

  /** A paragraph, an item or a heading; one without text is none. */
  function block(text: string, place: Place = {}) {
    for (const piece of pieces(text)) put(piece, place)
  }

  /** A row of a table. */
  function row(cells: string[], place: Place = {}) {
    const full = cells.map(plain)
    while (full.at(-1) === '') full.pop()
    if (full.some(Boolean)) block(full.join(' | '), place)
  }

  return { block, row, flush, blocks: () => blocks }
}

export type Output = ReturnType<typeof openOutput>

// What programs write where nobody has thought of a title.
const noTitle =
  /^(?:\(?untitled\)?|\(?unspecified\)?|document ?\d*|presentation ?\d*|powerpoint presentation|slide 1)$/i

/** A title fit to be shown, if there is one. */
export function titled(text: string | undefined): { title?: string } {
  const title = plain(text ?? '')
    .slice(0, longestTitle)
    .toWellFormed()
    .trim()
  return title && !noTitle.test(title) ? { title } : {}
}
