import type { Limits } from '../../limits.ts'
import { Unreadable } from '../../unreadable.ts'
import { officeText } from '../office-text.ts'
import { type Output, titled } from '../output.ts'
import { mainPart, relatedTo, titleIn } from '../package-parts.ts'
import type { Found } from '../read-file.ts'
import { attribute, walkXml } from '../xml.ts'
import type { Zip } from '../zip.ts'

const titles = new Set(['title', 'ctrTitle'])
const furniture = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg'])

/** One slide, or the notes beside it. Its title comes first, wherever it stands in the file. */
async function readSlide(zip: Zip, part: string, page: number, output: Output, limits: Limits) {
  const title: string[] = []
  const rest: (() => void)[] = []
  let placeholder = ''

  const walk = officeText({
    paragraph({ text }) {
      if (titles.has(placeholder)) title.push(text)
      else if (!furniture.has(placeholder)) rest.push(() => output.block(text, { page }))
    },
    row: (cells) => rest.push(() => output.row(cells, { page })),
    open(name, attributes) {
      if (name === 'sp') placeholder = ''
      if (name === 'ph') placeholder = attribute(attributes, 'type') ?? ''
      return undefined
    },
    close: (name) => {
      if (name === 'sp') placeholder = ''
    }
  })
  await walkXml(zip.part(part), limits.depth, walk)

  output.block(title.join(' '), { heading: 2, page })
  for (const put of rest) put()
}

async function slidesInOrder(zip: Zip, main: string, limits: Limits): Promise<string[]> {
  const parts = new Map((await relatedTo(zip, main, limits)).map(({ id, part }) => [id, part]))
  const slides: string[] = []
  await walkXml(zip.part(main), limits.depth, {
    open(name, attributes) {
      if (name !== 'sldId') return
      const id = Object.keys(attributes).find((key) => key.endsWith(':id'))
      const slide = id && parts.get(attributes[id] ?? '')
      if (slide) slides.push(slide)
      if (slides.length > limits.pages) throw new Unreadable('pages')
    }
  })
  return slides
}

/** A slide is a page. */
export async function readPptx(zip: Zip, output: Output, limits: Limits): Promise<Found> {
  const slides = await slidesInOrder(zip, (await mainPart(zip, limits)) ?? 'ppt/presentation.xml', limits)
  for (const [at, slide] of slides.entries()) {
    await readSlide(zip, slide, at + 1, output, limits)
    const notes = (await relatedTo(zip, slide, limits)).find(({ type }) => type === 'notesSlide')
    if (notes) await readSlide(zip, notes.part, at + 1, output, limits)
  }
  return { ...titled(await titleIn(zip, 'docProps/core.xml', limits)), pages: slides.length }
}
