import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { Change, Found, Question, State } from './indexes/change.ts'
import type { Given } from './indexes/reading-thread.ts'
import type { damaged } from './indexes/serve.ts'
import { turnsByName } from './indexes/turns.ts'
import type { Part, Rest } from './indexes/writing-thread.ts'
import { Thread } from './thread.ts'

export type { Change, Entry, Found, Hit, Question, State } from './indexes/change.ts'

type Options = {
  /** How many threads answer questions. */
  readers?: number
  /** Above so many vectors, signs are compared first. */
  exactUpTo?: number
  /** How many indexes stay open, and how much memory they may take, in all. */
  open?: number
  bytes?: number
}

export class IndexDamaged extends Error {}

const name = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/
const file = /^([A-Za-z0-9][A-Za-z0-9_-]{0,99})\.db$/
const longestQuestion = 10_000
const rest = 10_000
const partSize = 200

/**
 * The indexes in a folder, a file for each. Their searches and their changes run in threads apart, so that neither waits
 * for the other, nor a page for either. An index is derived: a damaged one is thrown away, to be built again.
 */
export function openIndexes(folder: string, options: Options = {}) {
  const { readers = Math.max(1, availableParallelism() >> 1), exactUpTo = 10_000 } = options
  const { open = 64, bytes = 64 * 2 ** 20 } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const given: Given = { folder, exactUpTo, open: Math.ceil(open / readers), bytes: bytes / readers }
  const reading = Array.from(
    { length: readers },
    () => new Thread(new URL('./indexes/reading-thread.ts', import.meta.url), given)
  )
  const writing = new Thread(new URL('./indexes/writing-thread.ts', import.meta.url), folder, { rest })

  /** Always the same for one index, for it has read some of it already. */
  function readerOf(index: string): Thread {
    return reading[createHash('sha1').update(index).digest().readUInt32BE() % reading.length] as Thread
  }

  function checked(index: string): string {
    if (!name.test(index)) throw new Error('An index is named by letters, digits, - and _.')
    return index
  }

  async function drop(index: string) {
    const close = () => readerOf(checked(index)).ask({ act: 'close', index })
    await close()
    await writing.ask({ act: 'drop', index })
    await close()
  }

  async function read<Result>(act: string, index: string, given: unknown, lost: Result): Promise<Result> {
    const result = await readerOf(checked(index)).ask<Result | typeof damaged>({ act, index, given })
    if (result !== 'damaged') return result as Result
    await drop(index)
    return lost
  }

  /** In parts, for copying a whole book at once would hold the pages up. */
  async function hand(index: string, { add = [], ...rest }: Change) {
    const name = randomUUID()
    for (let from = 0; from < add.length; from += partSize) {
      await writing.ask({ act: 'gather', index, given: { name, add: add.slice(from, from + partSize) } satisfies Part })
    }
    const given: Rest = { ...rest, name, entries: add.length }
    const result = await writing.ask<typeof damaged | undefined>({ act: 'apply', index, given })
    if (result !== 'damaged') return
    await drop(index)
    throw new IndexDamaged('The search index was damaged and is empty now. It has to be built again.')
  }

  const inTurn = turnsByName()

  return {
    apply: async (index: string, change: Change): Promise<void> => inTurn(checked(index), () => hand(index, change)),

    search: (index: string, { question, ...rest }: Question): Promise<Found> =>
      read('search', index, { ...rest, question: question.slice(0, longestQuestion) }, { revision: 0, hits: [] }),

    state: (index: string): Promise<State> =>
      read('state', index, undefined, { revision: 0, passages: 0, documents: 0, vectors: 0 }),

    drop,

    async list(): Promise<string[]> {
      const names = (await readdir(folder)).map((entry) => file.exec(entry)?.[1])
      return names.filter((name) => name !== undefined).sort()
    },

    async close(): Promise<void> {
      await Promise.all([...reading, writing].map((thread) => thread.end()))
    }
  }
}

export type Indexes = ReturnType<typeof openIndexes>
