import type { Level } from '../../format.ts'
import type { Limits } from '../../limits.ts'
import { attribute, walkXml } from '../xml.ts'
import type { Zip } from '../zip.ts'

type Style = { level?: number; basedOn?: string }

const longestDescent = 20

/** Which styles of a Word document are headings: by their level, by their name, or because they are based on one. */
export async function headingStyles(zip: Zip, part: string, limits: Limits): Promise<Map<string, Level>> {
  const styles = new Map<string, Style>()
  let style: Style = {}

  await walkXml(zip.part(part), limits.depth, {
    open(name, attributes) {
      const value = attribute(attributes, 'val') ?? ''
      if (name === 'style') {
        style = {}
        styles.set(attribute(attributes, 'styleId') ?? '', style)
      } else if (name === 'name') {
        const named = /^heading (\d)$/i.exec(value)?.[1]
        if (named) style.level = Number(named)
        if (/^title$/i.test(value)) style.level = 1
      } else if (name === 'outlineLvl') style.level = Number(value) + 1
      else if (name === 'basedOn') style.basedOn = value
    }
  })

  function levelOf(id: string) {
    let at = styles.get(id)
    for (let step = 0; at && at.level === undefined && step < longestDescent; step += 1)
      at = styles.get(at.basedOn ?? '')
    return at?.level
  }

  const levels = [...styles.keys()].map((id) => [id, levelOf(id)] as const)
  return new Map(levels.filter((one): one is [string, Level] => [1, 2, 3, 4, 5, 6].includes(Number(one[1]))))
}
