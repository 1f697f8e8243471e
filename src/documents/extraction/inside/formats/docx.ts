import type { Level } from '../../format.ts'
import type { Limits } from '../../limits.ts'
import { officeText } from '../office-text.ts'
import { type Output, titled } from '../output.ts'
import { mainPart, relatedTo, titleIn } from '../package-parts.ts'
import type { Found } from '../read-file.ts'
import { attribute, walkXml } from '../xml.ts'
import type { Zip } from '../zip.ts'
import { headingStyles } from './docx-styles.ts'

/** Counted from nothing; 9 is plain text, and other programs write other numbers for that. */
const outlineLevel = (value: string) => (/^[0-5]$/.test(value) ? ((Number(value) + 1) as Level) : undefined)

const off = new Set(['0', 'false', 'off'])

/** The text of one part of a Word document: its body, or its footnotes. */
async function readPart(zip: Zip, part: string, styles: Map<string, Level>, output: Output, limits: Limits) {
  const walk = officeText({
    paragraph: ({ text, heading }) => output.block(text, { heading }),
    row: (cells) => output.row(cells),
    open(name, attributes, paragraph) {
      const value = attribute(attributes, 'val') ?? ''
      if (name === 'footnote' || name === 'endnote') return attribute(attributes, 'type') !== undefined
      if (!paragraph) return
      if (name === 'pStyle') paragraph.heading = styles.get(value)
      if (name === 'outlineLvl') paragraph.heading = outlineLevel(value)
      if (name === 'r') paragraph.hidden = false
      if (name === 'vanish') paragraph.hidden = !off.has(value)
    }
  })
  await walkXml(zip.part(part), limits.depth, walk)
}

export async function readDocx(zip: Zip, output: Output, limits: Limits): Promise<Found> {
  const main = (await mainPart(zip, limits)) ?? 'word/document.xml'
  const related = await relatedTo(zip, main, limits)
  const styles = await headingStyles(zip, related.find(({ type }) => type === 'styles')?.part ?? '', limits)

  await readPart(zip, main, styles, output, limits)
  for (const { type, part } of related) {
    if (type === 'footnotes' || type === 'endnotes') await readPart(zip, part, styles, output, limits)
  }
  return titled(await titleIn(zip, 'docProps/core.xml', limits))
}
