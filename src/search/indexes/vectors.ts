import type { Scored } from './best.ts'

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

/** So many are compared exactly, however they were chosen. */
export const candidates = 400

export const grown = (length: number) => Math.ceil(length * 1.25) + 64

/** A number for each, with room for more to come. */
export class Ids {
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
