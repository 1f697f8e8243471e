import { posix } from 'node:path'
import type { Limits } from '../../limits.ts'
import { Unreadable } from '../../unreadable.ts'
import { decode } from '../encoding.ts'
import { type Output, titled } from '../output.ts'
import { titleIn } from '../package-parts.ts'
import type { Found } from '../read-file.ts'
import { attribute, walkXml } from '../xml.ts'
import type { Zip } from '../zip.ts'
import { readHtml } from './html.ts'

/** Where a reference leads inside the book, written as it is in addresses. */
function partAt(from: string, reference: string): string {
  const [path = ''] = reference.split('#')
  try {
    return posix.resolve('/', posix.dirname(from), decodeURIComponent(path)).slice(1)
  } catch {
    return ''
  }
}

async function valuesOf(zip: Zip, part: string, element: string, named: string, limits: Limits): Promise<string[]> {
  const values: string[] = []
  await walkXml(zip.part(part), limits.depth, {
    open(name, attributes) {
      const value = name === element && attribute(attributes, named)
      if (value) values.push(value)
    }
  })
  return values
}

/** The chapters in the order they are read in. */
async function chapters(zip: Zip, main: string, limits: Limits): Promise<string[]> {
  const parts = new Map<string, string>()
  const spine: string[] = []
  await walkXml(zip.part(main), limits.depth, {
    open(name, attributes) {
      const { id = '', href = '', idref = '' } = attributes
      if (name === 'item') parts.set(id, partAt(main, href))
      if (name === 'itemref' && attributes.linear !== 'no') spine.push(idref)
    }
  })
  return [...new Set(spine.flatMap((id) => parts.get(id) ?? []))].filter(zip.has)
}

export async function readEpub(zip: Zip, output: Output, limits: Limits): Promise<Found> {
  const [main = ''] = await valuesOf(zip, 'META-INF/container.xml', 'rootfile', 'full-path', limits)
  const encrypted = await valuesOf(zip, 'META-INF/encryption.xml', 'CipherReference', 'URI', limits)
  const all = await chapters(zip, main, limits)
  if (all.some((chapter) => encrypted.includes(chapter))) throw new Unreadable('copyProtected')

  for (const chapter of all) {
    const text = decode(await zip.whole(chapter))
    if (text !== undefined) readHtml(text, output, limits)
  }
  return titled(await titleIn(zip, main, limits))
}
