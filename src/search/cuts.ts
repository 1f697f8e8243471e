import type { Unit } from './units.ts'

/** In tokens: some 180 words of English, which leaves the model room for the title and what stood before. */
export const limit = 230
const tooShort = 80

// What each blemish costs; only how they compare matters.
const passage = 0.6
const fullness = 0.3
const danglingHeading = 4
const tear = { nothing: 0, paragraph: 0.5, sentence: 2, word: 3 }
const headingInside = { deeper: 0.8, equal: 1.2, higher: 4 }

const shortness = (size: number) => Math.max(0, tooShort - size) / tooShort + fullness * (size / limit) ** 2

/** What it costs to keep this unit in a passage that has text under a heading of that level already. */
function costOfHeading(level: number | undefined, above: number): number {
  if (!level) return 0
  if (level < above) return headingInside.higher
  return level === above ? headingInside.equal : headingInside.deeper
}

function costOfCut(before: Unit | undefined, after: Unit | undefined): number {
  if (!before || !after) return 0
  return tear[after.inside] + (before.paragraph.heading ? danglingHeading : 0)
}

/**
 * Where passages begin: of all ways to cut, the one that costs least, counted from the end. Passages are as full as
 * they may be, alike in size, and follow sections, then paragraphs, then sentences; short sections share one.
 */
export function cuts(units: Unit[]): number[] {
  const least = new Float64Array(units.length + 1)
  const next = new Uint32Array(units.length)
  for (let from = units.length - 1; from >= 0; from -= 1) {
    least[from] = Number.POSITIVE_INFINITY
    let size = 0
    let headings = 0
    let above = units[from]?.paragraph.path.length ? 7 : 0
    let hasText = false
    for (let to = from; to < units.length; to += 1) {
      const unit = units[to] as Unit
      const { heading } = unit.paragraph
      size += unit.size
      if (size > limit && to > from) break
      if (hasText && unit.inside === 'nothing') headings += costOfHeading(heading, above)
      if (!hasText && heading) above = heading
      if (!heading) hasText = true
      const cost = passage + shortness(size) + headings + costOfCut(unit, units[to + 1]) + (least[to + 1] as number)
      if (cost < (least[from] as number)) {
        least[from] = cost
        next[from] = to + 1
      }
    }
  }
  const starts: number[] = []
  for (let at = 0; at < units.length; at = next[at] as number) starts.push(at)
  return starts
}
