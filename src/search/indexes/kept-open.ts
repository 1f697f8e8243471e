type Kept = { readonly bytes: number; close(): void }

/** What was opened stays open, until so many or so large others were used after it. */
export class KeptOpen<One extends Kept> {
  readonly #open: (name: string) => One
  readonly #most: { count: number; bytes: number }
  readonly #kept = new Map<string, One>()

  constructor(open: (name: string) => One, most: { count: number; bytes: number }) {
    this.#open = open
    this.#most = most
  }

  use(name: string): One {
    const one = this.#kept.get(name) ?? this.#open(name)
    this.#kept.delete(name)
    this.#kept.set(name, one)
    return one
  }

  close(name: string) {
    this.#kept.get(name)?.close()
    this.#kept.delete(name)
  }

  /** Called after a use, which may have made it larger. The last used always stays. */
  tidy() {
    let bytes = 0
    for (const one of this.#kept.values()) bytes += one.bytes
    for (const [name, one] of this.#kept) {
      if (this.#kept.size === 1 || (this.#kept.size <= this.#most.count && bytes <= this.#most.bytes)) return
      bytes -= one.bytes
      this.close(name)
    }
  }

  closeAll() {
    for (const name of [...this.#kept.keys()]) this.close(name)
  }
}
