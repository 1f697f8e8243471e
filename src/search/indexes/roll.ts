const longest = 65_535

const grown = <Numbers extends Uint16Array | Uint32Array>(known: Numbers, more: Numbers): Numbers => {
  more.set(known)
  return more
}

/** Who is here: for each passage how long it is, 0 for one that is not, and the lot that decides between equals. */
export class Roll {
  lengths = new Uint16Array(64)
  lots = new Uint32Array(64)
  passages = 0
  total = 0

  add(passage: number, length: number, lot: number) {
    if (passage >= this.lengths.length) {
      const room = Math.ceil(passage * 1.25) + 64
      this.lengths = grown(this.lengths, new Uint16Array(room))
      this.lots = grown(this.lots, new Uint32Array(room))
    }
    this.lengths[passage] = Math.min(length, longest)
    this.lots[passage] = lot
    this.passages += 1
    this.total += this.lengths[passage] as number
  }

  strike(passage: number) {
    const length = this.lengths[passage]
    if (!length) return
    this.lengths[passage] = 0
    this.passages -= 1
    this.total -= length
  }

  get usualLength(): number {
    return this.total / this.passages || 1
  }

  get bytes(): number {
    return this.lengths.byteLength + this.lots.byteLength
  }
}
