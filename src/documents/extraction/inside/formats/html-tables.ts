import type { Level } from '../../format.ts'
import type { Output } from '../output.ts'

type Cell = string[]
type Table = { layout: boolean; cells: Cell[] | undefined }

/**
 * Tells tables from pages that are laid out with them: a table that holds another, or a heading, is only a frame, and
 * what stands in it are paragraphs like any others.
 */
export function openTables(output: Output) {
  const tables: Table[] = []

  function say(paragraphs: string[]) {
    for (const paragraph of paragraphs) output.block(paragraph)
  }

  function onlyAFrame(table: Table | undefined) {
    if (!table) return
    table.layout = true
    for (const cell of table.cells ?? []) say(cell)
    table.cells = undefined
  }

  function row(cells: Cell[]) {
    const full = cells.filter((cell) => cell.length > 0)
    if (full.length === 1) say(full[0] as Cell)
    else output.row(cells.map((cell) => cell.join(' ')))
  }

  function open(name: string, role: string | undefined) {
    const table = tables.at(-1)
    if (name === 'table') {
      onlyAFrame(table)
      tables.push({ layout: role === 'presentation' || role === 'none', cells: undefined })
    } else if (!table || table.layout) return
    else if (name === 'tr') table.cells = []
    else if (name === 'td' || name === 'th') {
      table.cells ??= []
      table.cells.push([])
    }
  }

  function close(name: string) {
    const table = tables.at(-1)
    if (!table || (name !== 'tr' && name !== 'table')) return
    if (table.cells) row(table.cells)
    table.cells = undefined
    if (name === 'table') tables.pop()
  }

  function paragraphs(found: string[]) {
    const cell = tables.at(-1)?.cells?.at(-1)
    if (cell) cell.push(...found)
    else say(found)
  }

  function heading(text: string, level: Level) {
    onlyAFrame(tables.at(-1))
    output.block(text, { heading: level })
  }

  return { open, close, paragraphs, heading }
}
