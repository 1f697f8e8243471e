import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { Limits } from '../../limits.ts'
import { Unreadable } from '../../unreadable.ts'
import { type Output, titled } from '../output.ts'
import type { Found } from '../read-file.ts'
import { openPdf } from './pdf-document.ts'
import { withoutFurniture } from './pdf-furniture.ts'
import { headingTeller } from './pdf-headings.ts'
import { linesOn } from './pdf-lines.ts'
import { type Paragraph, paragraphMaker } from './pdf-paragraphs.ts'

const enoughToJudge = 20

async function* pagesOf(document: PDFDocumentProxy): AsyncGenerator<Paragraph[]> {
  const dropFurniture = withoutFurniture()
  const paragraphs = paragraphMaker()
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent()
    yield paragraphs.next(
      dropFurniture(
        linesOn(
          number,
          items.filter((item) => 'str' in item)
        )
      )
    )
    page.cleanup()
  }
  yield paragraphs.last()
}

async function titleOf(document: PDFDocumentProxy): Promise<string> {
  const { info } = await document.getMetadata()
  const { Title: title } = info as { Title?: unknown }
  return typeof title === 'string' ? title.replace(/^Microsoft (?:Word|PowerPoint|Excel) - /, '') : ''
}

/** Paragraphs page by page. The first pages are held back until they tell how large the headings are. */
async function readPages(document: PDFDocumentProxy, output: Output) {
  const first: Paragraph[] = []
  let headingOf: Awaited<ReturnType<typeof headingTeller>> | undefined
  let read = 0

  function put(paragraphs: Paragraph[]) {
    for (const one of paragraphs) output.block(one.text, { heading: headingOf?.(one), page: one.page })
  }

  async function judge() {
    headingOf = await headingTeller(document, first)
    put(first)
  }

  for await (const paragraphs of pagesOf(document)) {
    read += 1
    if (headingOf) put(paragraphs)
    else first.push(...paragraphs)
    if (read === enoughToJudge) await judge()
  }
  if (!headingOf) await judge()
}

export async function readPdf(bytes: Buffer, output: Output, limits: Limits): Promise<Found> {
  const document = await openPdf(bytes)
  try {
    if (document.numPages > limits.pages) throw new Unreadable('pages')
    await readPages(document, output)
    return { ...titled(await titleOf(document)), pages: document.numPages }
  } finally {
    await document.loadingTask.destroy()
  }
}
