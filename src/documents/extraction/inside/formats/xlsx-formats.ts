import type { Limits } from '../../limits.ts'
import { attribute, walkXml } from '../xml.ts'
import type { Zip } from '../zip.ts'

export type NumberFormat = 'plain' | 'date' | 'percent'

// What the numbers below 164 mean is not in the file.
const isDate = (id: number) => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 58)
const isPercent = (id: number) => id === 9 || id === 10

/** A code such as `yyyy-mm-dd` or `0.0%`, without what it shows as it stands. */
function kindOf(code: string): NumberFormat {
  const bare = code.replaceAll(/"[^"]*"|\\.|\[[^\]]*\]/g, '')
  if (/[dy]|h.*m|m.*s/i.test(bare)) return 'date'
  return bare.includes('%') ? 'percent' : 'plain'
}

/** How the cells of each style show their numbers. */
export async function numberFormats(zip: Zip, part: string, limits: Limits): Promise<NumberFormat[]> {
  const codes = new Map<number, string>()
  const formats: NumberFormat[] = []
  let inCells = false

  await walkXml(zip.part(part), limits.depth, {
    open(name, attributes) {
      const id = Number(attribute(attributes, 'numFmtId') ?? 0)
      if (name === 'cellXfs') inCells = true
      if (name === 'numFmt') codes.set(id, attribute(attributes, 'formatCode') ?? '')
      if (name !== 'xf' || !inCells) return
      const code = codes.get(id)
      if (code !== undefined) formats.push(kindOf(code))
      else if (isDate(id)) formats.push('date')
      else formats.push(isPercent(id) ? 'percent' : 'plain')
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    }
  })
  return formats
}
