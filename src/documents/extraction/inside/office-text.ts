import type { Level } from '../format.ts'
import type { Attributes, Walk } from './xml.ts'

export type Paragraph = { text: string; heading?: Level | undefined; hidden?: boolean }

type Taken = {
  paragraph: (paragraph: Paragraph) => void
  row: (cells: string[]) => void
  /** Whatever else stands in the text; true when it and what is in it are to be left out. */
  open?: (name: string, attributes: Attributes, paragraph: Paragraph | undefined) => boolean | undefined
  close?: (name: string) => void
}

// What was struck out or moved away, the second way of drawing the same thing, and how a word is pronounced.
const leftOut = new Set(['del', 'moveFrom', 'Fallback', 'rt', 'instrText', 'delText'])
const standsFor: Record<string, string> = { tab: ' ', ptab: ' ', br: ' ', cr: ' ', noBreakHyphen: '-' }

/** Paragraphs and tables, as Word and PowerPoint both write them. A table inside a cell is text of that cell. */
export function officeText({ paragraph, row, open, close }: Taken): Walk {
  const paragraphs: Paragraph[] = []
  let leaving = 0
  let inText = false
  let tables = 0
  let cells: string[] = []
  let cell = ''

  function finish() {
    const finished = paragraphs.pop()
    if (!finished) return
    if (tables > 0) cell += ` ${finished.text}`
    else paragraph(finished)
  }

  return {
    open(name, attributes) {
      const current = paragraphs.at(-1)
      if (leaving > 0 || leftOut.has(name) || open?.(name, attributes, current)) leaving += 1
      else if (name === 'p') paragraphs.push({ text: '' })
      else if (name === 't') inText = true
      else if (name === 'tbl') tables += 1
      else if (name === 'tr' && tables === 1) cells = []
      else if (name === 'tc' && tables === 1) cell = ''
      else if (current && Object.hasOwn(standsFor, name)) current.text += standsFor[name]
    },

    close(name) {
      if (leaving > 0) {
        leaving -= 1
        return
      }
      if (name === 'p') finish()
      else if (name === 't') inText = false
      else if (name === 'tc' && tables === 1) cells.push(cell)
      else if (name === 'tr' && tables === 1) row(cells)
      else if (name === 'tbl') tables -= 1
      close?.(name)
    },

    text(text) {
      const current = paragraphs.at(-1)
      if (current && inText && leaving === 0 && !current.hidden) current.text += text
    }
  }
}
