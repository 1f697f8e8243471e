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
  readonly #rest: number
  #waiting = new Map<number, Waiting>()
  #asked = 0
  #resting: NodeJS.Timeout | undefined

  /** With `rest`, it ends when nobody has asked it for so many milliseconds, and gives its memory back. */
  constructor(file: URL, given: unknown, { rest = 0 } = {}) {
    this.#file = file.href
    this.#given = given
    this.#rest = rest
  }

  #start(): Worker {
    const worker = new Worker(start, {
      workerData: { file: this.#file, given: this.#given },
      execArgv: [],
      resourceLimits
    })
    const waiting = new Map<number, Waiting>()
    let reason = 'its thread ended'
    worker.on('message', ({ id, result, error }: Reply) => {
      const asker = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) this.#idle(worker)
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

  #idle(worker: Worker) {
    worker.unref()
    if (this.#rest > 0) this.#resting = setTimeout(() => void this.end(), this.#rest).unref()
  }

  /** A thread that waits to be asked keeps no process alive. */
  ask<Result>(question: object, transfer: Transferable[] = []): Promise<Result> {
    this.#worker ??= this.#start()
    clearTimeout(this.#resting)
    const worker = this.#worker
    const id = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker.ref()
      worker.postMessage({ ...question, id }, transfer)
    })
  }

  async end() {
    clearTimeout(this.#resting)
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }
}
