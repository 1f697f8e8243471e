import type { Limits } from '../limits.ts'
import { Unreadable } from '../unreadable.ts'
import { mainPart } from './package-parts.ts'
import type { Recognised } from './recognise.ts'
import type { Zip } from './zip.ts'

const longestType = 100

async function openDocumentOrBook(zip: Zip): Promise<string> {
  if (!zip.has('mimetype')) return ''
  const type = await zip.whole('mimetype')
  return type.toString('latin1', 0, longestType).trim()
}

/** Office files, OpenDocument texts and books are all zipped; whatever else is zipped is an archive. */
export async function kindOfZip(zip: Zip, limits: Limits): Promise<Recognised> {
  const type = await openDocumentOrBook(zip)
  if (type.startsWith('application/vnd.oasis.opendocument.text')) {
    const { readOdt } = await import('./formats/odt.ts')
    return { format: 'odt', read: (output) => readOdt(zip, output, limits) }
  }
  if (type.startsWith('application/vnd.oasis.opendocument.')) throw new Unreadable('openDocument')
  if (type === 'application/epub+zip' || zip.has('META-INF/container.xml')) {
    const { readEpub } = await import('./formats/epub.ts')
    return { format: 'epub', read: (output) => readEpub(zip, output, limits) }
  }

  const main = zip.has('[Content_Types].xml') ? await mainPart(zip, limits) : undefined
  const [folder] = main?.split('/') ?? []
  if (folder === 'word') {
    const { readDocx } = await import('./formats/docx.ts')
    return { format: 'docx', read: (output) => readDocx(zip, output, limits) }
  }
  if (folder === 'ppt') {
    const { readPptx } = await import('./formats/pptx.ts')
    return { format: 'pptx', read: (output) => readPptx(zip, output, limits) }
  }
  if (folder === 'xl' && main?.endsWith('.xml')) {
    const { readXlsx } = await import('./formats/xlsx.ts')
    return { format: 'xlsx', read: (output) => readXlsx(zip, output, limits) }
  }
  throw new Unreadable(folder === 'xl' ? 'olderOffice' : 'archive')
}
