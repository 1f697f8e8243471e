import { Best, bestFirst, type Scored } from './best.ts'

/** For each passage whether it may be found, which those that are gone may not, and its lot. */
export type Among = { allowed: Uint8Array | Uint16Array; lots: Uint32Array }
export type Rows = Iterable<[id: number, vector: Buffer]>
/** The vectors of these passages, those of them that have one. */
export type Look = (ids: number[]) => Map<number, Float32Array>
export type Near = Scored & { vector: Float32Array }

/** The vectors of one index in memory: those of passages that are there, in the order they came. */
export type Vectors = {
  readonly bytes: number
  readonly count: number
  add(rows: Rows): void
  /** Best first, compared exactly. */
  nearest(question: Float32Array, among: Among): Near[]
}

const candidates = 400

const grown = (length: number) => Math.ceil(length * 1.25) + 64

/** A number for each, with room for more to come. */
class Ids {
  of: Uint32Array
  count = 0

  constructor(room: number) {
    this.of = new Uint32Array(room)
  }

  push(id: number) {
    if (this.count === this.of.length) {
      const more = new Uint32Array(grown(this.count))
      more.set(this.of)
      this.of = more
    }
    this.of[this.count++] = id
  }
}

export const floatsOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  byteOffset % 4 === 0
    ? new Float32Array(buffer, byteOffset, byteLength / 4)
    : new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength))

/** Four sums at a time, because each addition would otherwise wait for the one before. */
export function product(one: Float32Array, others: Float32Array, from = 0): number {
  const { length } = one
  const wholeFours = length - (length % 4)
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let at = 0
  for (; at < wholeFours; at += 4) {
    a += (one[at] as number) * (others[from + at] as number)
    b += (one[at + 1] as number) * (others[from + at + 1] as number)
    c += (one[at + 2] as number) * (others[from + at + 2] as number)
    d += (one[at + 3] as number) * (others[from + at + 3] as number)
  }
  for (; at < length; at += 1) a += (one[at] as number) * (others[from + at] as number)
  return a + b + c + d
}

/** All the numbers, each vector compared with the question. */
export function exactVectors(dimensions: number, room: number): Vectors {
  const ids = new Ids(room)
  let numbers = new Float32Array(room * dimensions)

  return {
    get bytes() {
      return numbers.byteLength + ids.of.byteLength
    },
    get count() {
      return ids.count
    },
    add(rows) {
      for (const [id, vector] of rows) {
        if ((ids.count + 1) * dimensions > numbers.length) {
          const more = new Float32Array(grown(ids.count) * dimensions)
          more.set(numbers)
          numbers = more
        }
        numbers.set(floatsOf(vector), ids.count * dimensions)
        ids.push(id)
      }
    },
    nearest(question, { allowed, lots }) {
      const best = new Best(candidates, lots)
      const slots = new Map<number, number>()
      for (let at = 0; at < ids.count; at += 1) {
        const id = ids.of[at] as number
        if (allowed[id] && best.show(id, product(question, numbers, at * dimensions))) slots.set(id, at)
      }
      return best.list().map(({ id, score }) => {
        const from = (slots.get(id) as number) * dimensions
        return { id, score, vector: numbers.subarray(from, from + dimensions) }
      })
    }
  }
}

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
