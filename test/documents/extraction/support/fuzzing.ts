// A program that stands in for the one that reads files: it damages what it is given in many ways, reads each of them as
// the real one does, and answers with what became of them.
import { lock } from '../../../../src/documents/extraction/inside/lock.ts'

lock()
const { readFile } = await import('../../../../src/documents/extraction/inside/read-file.ts')
const { hear, say } = await import('../../../../src/documents/extraction/inside/speak.ts')
const { openZip } = await import('../../../../src/documents/extraction/inside/zip.ts')
const { Unreadable } = await import('../../../../src/documents/extraction/unreadable.ts')
const { cut, flipped, seeded } = await import('./damage.ts')
const { zip } = await import('./zip.ts')

type Random = ReturnType<typeof seeded>
type Limits = Parameters<typeof openZip>[1]

const times = 150

/** Damage to what is in a zip, whose sums are right again afterwards, so that it reaches what reads the parts. */
async function damagedInside(content: Buffer, limits: Limits, random: Random): Promise<Buffer> {
  const { names, whole } = await openZip(content, limits)
  const parts = []
  for (const name of names) {
    const part = await whole(name)
    const isHurt = part.length > 1 && name !== 'mimetype' && random(2) === 0
    parts.push({ name, content: isHurt ? (random(4) === 0 ? cut : flipped)(part, random) : part, stored: true })
  }
  return zip(parts)
}

for (let length = hear(4); length; length = hear(4)) {
  const { name, size, limits } = JSON.parse(hear(length.readUInt32BE())?.toString() ?? '')
  const content = hear(size) as Buffer
  const isZip = content.toString('latin1', 0, 2) === 'PK'
  const random = seeded(size)
  const became = { text: 0, refused: 0, surprised: 0 }

  for (let time = 0; time < times; time += 1) {
    const damaged = (time % 3 === 0 ? cut : flipped)(content, random)
    const bytes = isZip && time % 3 > 0 ? await damagedInside(content, limits, random) : damaged
    try {
      await readFile({ bytes: Buffer.from(bytes), name, limits }, () => {})
      became.text += 1
    } catch (error) {
      if (error instanceof Unreadable) became.refused += 1
      else became.surprised += 1
    }
  }
  say({ blocks: [{ text: JSON.stringify(became) }] })
  say({ format: 'txt' })
}
