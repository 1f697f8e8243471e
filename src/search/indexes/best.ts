export type Scored = { id: number; score: number }

/** Best first. Between equals their lots decide, which are the same in every copy of an index, as ids are not. */
export const bestFirst = (lots: Uint32Array) => (one: Scored, other: Scored) =>
  other.score - one.score || (lots[one.id] as number) - (lots[other.id] as number)

/** Keeps the so many best of those it is shown: the least of them lies on top of a heap, and goes for a better one. */
export class Best {
  readonly #most: number
  readonly #lots: Uint32Array
  readonly #ids: Uint32Array
  readonly #scores: Float64Array
  #count = 0

  constructor(most: number, lots: Uint32Array) {
    this.#most = most
    this.#lots = lots
    this.#ids = new Uint32Array(most)
    this.#scores = new Float64Array(most)
  }

  /** Whether the one at this place of the heap is worse than another would be. */
  #worse(at: number, id: number, score: number): boolean {
    const its = this.#scores[at] as number
    return (
      its < score || (its === score && (this.#lots[this.#ids[at] as number] as number) > (this.#lots[id] as number))
    )
  }

  /** True if it is among the best so far. */
  show(id: number, score: number): boolean {
    if (this.#count < this.#most) this.#rise(this.#count++, id, score)
    else if (this.#worse(0, id, score)) this.#sink(id, score)
    else return false
    return true
  }

  #rise(from: number, id: number, score: number) {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#worse(parent, id, score)) break
      this.#move(parent, at)
      at = parent
    }
    this.#put(at, id, score)
  }

  #sink(id: number, score: number) {
    let at = 0
    for (let child = 1; child < this.#count; child = at * 2 + 1) {
      const right = child + 1
      if (right < this.#count && this.#worse(right, this.#ids[child] as number, this.#scores[child] as number)) {
        child = right
      }
      if (!this.#worse(child, id, score)) break
      this.#move(child, at)
      at = child
    }
    this.#put(at, id, score)
  }

  #move(from: number, to: number) {
    this.#put(to, this.#ids[from] as number, this.#scores[from] as number)
  }

  #put(at: number, id: number, score: number) {
    this.#ids[at] = id
    this.#scores[at] = score
  }

  list(): Scored[] {
    const ids = [...this.#ids.subarray(0, this.#count)]
    return ids.map((id, at) => ({ id, score: this.#scores[at] as number })).sort(bestFirst(this.#lots))
  }
}
