import { posix } from 'node:path'
import type { Limits } from '../limits.ts'
import { attribute, walkXml } from './xml.ts'
import type { Zip } from './zip.ts'

export type Related = { id: string; type: string; part: string }

/** What a part of an office file refers to, in its own package: the last word of each kind, and where it lies. */
export async function relatedTo(zip: Zip, part: string, limits: Limits): Promise<Related[]> {
  const related: Related[] = []
  const { dir, base } = posix.parse(part)
  await walkXml(zip.part(posix.join(dir, '_rels', `${base}.rels`)), limits.depth, {
    open(name, attributes) {
      const target = attribute(attributes, 'Target')
      if (name !== 'Relationship' || !target || attribute(attributes, 'TargetMode') === 'External') return
      const type = posix.basename(attribute(attributes, 'Type') ?? '')
      related.push({ id: attribute(attributes, 'Id') ?? '', type, part: posix.resolve('/', dir, target).slice(1) })
    }
  })
  return related
}

/** Where an office file begins. */
export async function mainPart(zip: Zip, limits: Limits): Promise<string | undefined> {
  return (await relatedTo(zip, '', limits)).find(({ type }) => type === 'officeDocument')?.part
}

/** The title a document was given in its properties. */
export async function titleIn(zip: Zip, part: string, limits: Limits): Promise<string> {
  let title = ''
  let inTitle = false
  await walkXml(zip.part(part), limits.depth, {
    open: (name) => {
      inTitle = name === 'title'
    },
    close: () => {
      inTitle = false
    },
    text: (text) => {
      if (inTitle) title += text
    }
  })
  return title
}
