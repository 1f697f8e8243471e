import type { Level } from '../../format.ts'
import type { Limits } from '../../limits.ts'
import { Unreadable } from '../../unreadable.ts'
import { type Output, titled } from '../output.ts'
import { titleIn } from '../package-parts.ts'
import type { Found } from '../read-file.ts'
import { attribute, walkXml } from '../xml.ts'
import type { Zip } from '../zip.ts'

const leftOut = new Set(['tracked-changes', 'annotation', 'note-citation', 'forms', 'ruby-text', 'title', 'desc'])
const mostRepeated = 50

type Paragraph = { text: string; heading?: Level }

const headingLevel = (level: string | undefined) => Math.min(6, Math.max(1, Number(level) || 1)) as Level

/** Paragraphs and tables of a text document. A note stands before the paragraph that it belongs to. */
async function readContent(zip: Zip, output: Output, limits: Limits) {
  const paragraphs: Paragraph[] = []
  const titleStyles = new Set(['Title'])
  let leaving = 0
  let tables = 0
  let cells: string[] = []
  let cell = ''
  let repeated = 1

  function finish() {
    const { text, heading } = paragraphs.pop() as Paragraph
    if (tables > 0) cell += ` ${text}`
    else output.block(text, { heading })
  }

  await walkXml(zip.part('content.xml'), limits.depth, {
    open(name, attributes) {
      const current = paragraphs.at(-1)
      const style = attribute(attributes, 'style-name') ?? ''
      if (leaving > 0 || leftOut.has(name)) leaving += 1
      else if (name === 'style' && attribute(attributes, 'parent-style-name') === 'Title')
        titleStyles.add(attribute(attributes, 'name') ?? '')
      else if (name === 'p') paragraphs.push({ text: '', ...(titleStyles.has(style) && { heading: 1 }) })
      else if (name === 'h')
        paragraphs.push({ text: '', heading: headingLevel(attribute(attributes, 'outline-level')) })
      else if (name === 'table') tables += 1
      else if (name === 'table-row' && tables === 1) cells = []
      else if (name === 'table-cell' && tables === 1) {
        cell = ''
        repeated = Math.min(mostRepeated, Number(attribute(attributes, 'number-columns-repeated') ?? 1))
      } else if (current && ['s', 'tab', 'line-break'].includes(name)) current.text += ' '
    },
    text(text) {
      const current = paragraphs.at(-1)
      if (current && leaving === 0) current.text += text
    },
    close(name) {
      if (leaving > 0) leaving -= 1
      else if (name === 'p' || name === 'h') finish()
      else if (name === 'table') tables -= 1
      else if (name === 'table-cell' && tables === 1) for (let time = 0; time < repeated; time += 1) cells.push(cell)
      else if (name === 'table-row' && tables === 1) output.row(cells)
    }
  })
}

async function isProtected(zip: Zip, limits: Limits): Promise<boolean> {
  let found = false
  await walkXml(zip.part('META-INF/manifest.xml'), limits.depth, {
    open: (name) => {
      found ||= name === 'encryption-data'
    }
  })
  return found
}

export async function readOdt(zip: Zip, output: Output, limits: Limits): Promise<Found> {
  if (await isProtected(zip, limits)) throw new Unreadable('password')
  await readContent(zip, output, limits)
  return titled(await titleIn(zip, 'meta.xml', limits))
}
