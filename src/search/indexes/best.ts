export type Scored = { id: number; score: number }

/** Of equals the one that was indexed first, so that the order is always the same. */
export const bestFirst = (one: Scored, other: Scored) => other.score - one.score || one.id - other.id

/** Keeps the so many best of those it is shown: the least of them lies on top of a heap, and goes for a better one. */
export class Best {
  readonly #most: number
  readonly #ids: Uint32Array
  readonly #scores: Float64Array
  #count = 0

  constructor(most: number) {
    this.#most = most
    this.#ids = new Uint32Array(most)
    this.#scores = new Float64Array(most)
  }

  show(id: number, score: number) {
    if (this.#count < this.#most) {
      this.#rise(this.#count++, id, score)
    } else if (score > (this.#scores[0] as number)) {
      this.#sink(id, score)
    }
  }

  #rise(from: number, id: number, score: number) {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if ((this.#scores[parent] as number) <= score) break
      this.#put(at, this.#ids[parent] as number, this.#scores[parent] as number)
      at = parent
    }
    this.#put(at, id, score)
  }

  #sink(id: number, score: number) {
    let at = 0
    for (let child = 1; child < this.#count; child = at * 2 + 1) {
      if (child + 1 < this.#count && (this.#scores[child + 1] as number) < (this.#scores[child] as number)) child += 1
      if ((this.#scores[child] as number) >= score) break
      this.#put(at, this.#ids[child] as number, this.#scores[child] as number)
      at = child
    }
    this.#put(at, id, score)
  }

  #put(at: number, id: number, score: number) {
    this.#ids[at] = id
    this.#scores[at] = score
  }

  list(): Scored[] {
    const all = Array.from({ length: this.#count }, (_, at) => ({
      id: this.#ids[at] as number,
      score: this.#scores[at] as number
    }))
    return all.sort(bestFirst)
  }
}
