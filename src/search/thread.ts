import { type Transferable, Worker } from 'node:worker_threads'

type Waiting = { resolve: (result: never) => void; reject: (error: Error) => void }
export type Reply = { id: number; result?: unknown; error?: string }

const start = new URL('./thread-start.js', import.meta.url)

/** What a thread makes and drops is small: it need not gather more of it before it tidies up. */
const resourceLimits = { maxYoungGenerationSizeMb: 2 }

export class ThreadDied extends Error {}

/**
 * A worker thread that is asked and replies. It starts when it is first asked; should it die, whoever waits is told,
 * and the next to ask finds a new one.
 */
export class Thread {
  readonly #file: string
  readonly #given: unknown
  #worker: Worker | undefined
  #waiting = new Map<number, Waiting>()
  #asked = 0

  constructor(file: URL, given: unknown) {
    this.#file = file.href
    this.#given = given
  }

  #start(): Worker {
    const worker = new Worker(start, { workerData: { file: this.#file, given: this.#given }, resourceLimits })
    const waiting = new Map<number, Waiting>()
    let reason = 'its thread ended'
    worker.on('message', ({ id, result, error }: Reply) => {
      const asker = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) worker.unref()
      if (error === undefined) asker?.resolve(result as never)
      else asker?.reject(new Error(error))
    })
    worker.on('error', (error) => {
      reason = (error as Error).message
    })
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined
      for (const { reject } of waiting.values()) reject(new ThreadDied(`The search was interrupted: ${reason}`))
    })
    this.#waiting = waiting
    return worker
  }

  /** A thread that waits to be asked keeps no process alive. */
  ask<Result>(question: object, transfer: Transferable[] = []): Promise<Result> {
    this.#worker ??= this.#start()
    const worker = this.#worker
    const id = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker.ref()
      worker.postMessage({ ...question, id }, transfer)
    })
  }

  /** How many were asked and have not replied. */
  get waiting(): number {
    return this.#worker ? this.#waiting.size : 0
  }

  async end() {
    await this.#worker?.terminate()
  }
}
