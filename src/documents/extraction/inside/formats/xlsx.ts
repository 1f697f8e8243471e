import type { Limits } from '../../limits.ts'
import { type Output, titled } from '../output.ts'
import { mainPart, relatedTo, titleIn } from '../package-parts.ts'
import type { Found } from '../read-file.ts'
import { attribute, walkXml } from '../xml.ts'
import type { Zip } from '../zip.ts'
import { type Cell, columnOf, shownAs } from './xlsx-cells.ts'
import { numberFormats } from './xlsx-formats.ts'
import { sharedStrings } from './xlsx-strings.ts'

const widestGap = 50

type Sheet = { name: string; id: string }

async function readWorkbook(zip: Zip, main: string, limits: Limits) {
  const sheets: Sheet[] = []
  let from1904 = false
  await walkXml(zip.part(main), limits.depth, {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes.date1904 ?? '')
      if (name !== 'sheet' || (attributes.state ?? 'visible') !== 'visible') return
      const id = Object.keys(attributes).find((key) => key.endsWith(':id'))
      sheets.push({ name: attributes.name ?? '', id: (id && attributes[id]) || '' })
    }
  })
  return { sheets, from1904 }
}

async function readSheet(zip: Zip, part: string, shown: (cell: Cell) => string, output: Output, limits: Limits) {
  let cells: string[] = []
  let cell: Cell | undefined
  let taking = false

  await walkXml(zip.part(part), limits.depth, {
    open(name, attributes) {
      if (name === 'row') cells = []
      if (name === 'c') {
        cell = { type: attribute(attributes, 't') ?? 'n', style: Number(attribute(attributes, 's') ?? 0), text: '' }
        const gap = columnOf(attribute(attributes, 'r') ?? '') - cells.length
        for (let empty = 0; empty < Math.min(gap, widestGap); empty += 1) cells.push('')
      }
      taking = cell !== undefined && (name === 'v' || name === 't')
    },
    text(text) {
      if (cell && taking) cell.text += text
    },
    close(name) {
      taking = false
      if (name === 'c' && cell) {
        cells.push(shown(cell))
        cell = undefined
      }
      if (name === 'row') output.row(cells)
    }
  })
}

/** The name of each sheet that is to be seen, then its rows as they were last shown. Nothing is calculated. */
export async function readXlsx(zip: Zip, output: Output, limits: Limits): Promise<Found> {
  const main = (await mainPart(zip, limits)) ?? 'xl/workbook.xml'
  const related = await relatedTo(zip, main, limits)
  const partOf = (wanted: string) => related.find(({ type }) => type === wanted)?.part ?? ''
  const { sheets, from1904 } = await readWorkbook(zip, main, limits)
  const strings = await sharedStrings(zip, partOf('sharedStrings'), limits)
  const formats = await numberFormats(zip, partOf('styles'), limits)

  for (const { name, id } of sheets) {
    const part = related.find((one) => one.id === id)?.part
    if (!part) continue
    output.block(name, { heading: 2 })
    await readSheet(zip, part, (cell) => shownAs(cell, { strings, formats, from1904 }), output, limits)
  }
  return titled(await titleIn(zip, 'docProps/core.xml', limits))
}
