import { Best, bestFirst, type Scored } from './best.ts'
import { type Among, candidates, floatsOf, grown, Ids, type Look, product, type Vectors } from './vectors.ts'

/** What the question makes of each byte of signs: adding these up is all that a comparison takes. */
function sumsOf(question: Float32Array, width: number): Float32Array {
  const sums = new Float32Array(width * 256)
  for (let byte = 0; byte < width; byte += 1) {
    const from = byte * 256
    for (let bit = 0; bit < 8; bit += 1) sums[from] = (sums[from] as number) - (question[byte * 8 + bit] ?? 0)
    for (let signs = 1; signs < 256; signs += 1) {
      const lowest = signs & -signs
      const number = question[byte * 8 + 31 - Math.clz32(lowest)] ?? 0
      sums[from + signs] = (sums[from + (signs ^ lowest)] as number) + 2 * number
    }
  }
  return sums
}

/**
 * Of each number only its sign, a 32nd of the memory. The question keeps its numbers; the best by signs are looked up and
 * compared exactly.
 */
export function signVectors(dimensions: number, room: number, look: Look): Vectors {
  const ids = new Ids(room)
  const width = Math.ceil(dimensions / 32) * 4
  let signs = new Uint8Array(room * width)

  function put(vector: Float32Array, from: number) {
    for (let number = 0; number < dimensions; number += 1) {
      if ((vector[number] as number) > 0)
        signs[from + (number >> 3)] = (signs[from + (number >> 3)] as number) | (1 << (number & 7))
    }
  }

  function nearestBySigns(question: Float32Array, { allowed, lots }: Among): Scored[] {
    const sums = sumsOf(question, width)
    const best = new Best(candidates, lots)
    for (let vector = 0, at = 0; vector < ids.count; vector += 1) {
      let a = 0
      let b = 0
      let c = 0
      let d = 0
      for (let from = 0; from < sums.length; from += 1024, at += 4) {
        a += sums[from + (signs[at] as number)] as number
        b += sums[from + 256 + (signs[at + 1] as number)] as number
        c += sums[from + 512 + (signs[at + 2] as number)] as number
        d += sums[from + 768 + (signs[at + 3] as number)] as number
      }
      const id = ids.of[vector] as number
      if (allowed[id]) best.show(id, a + b + c + d)
    }
    return best.list()
  }

  return {
    get bytes() {
      return signs.byteLength + ids.of.byteLength
    },
    get count() {
      return ids.count
    },
    add(rows) {
      for (const [id, vector] of rows) {
        if ((ids.count + 1) * width > signs.length) {
          const more = new Uint8Array(grown(ids.count) * width)
          more.set(signs)
          signs = more
        }
        put(floatsOf(vector), ids.count * width)
        ids.push(id)
      }
    },
    nearest(question, among) {
      const vectors = look(nearestBySigns(question, among).map(({ id }) => id))
      const near = [...vectors].map(([id, vector]) => ({ id, vector, score: product(question, vector) }))
      return near.sort(bestFirst(among.lots))
    }
  }
}
