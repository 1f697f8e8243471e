import { workerData } from 'node:worker_threads'
import { stepBack } from '../step-back.ts'
import type { Change, Entry } from './change.ts'
import { indexExists, openIndexFile, removeIndex } from './file.ts'
import { KeptOpen } from './kept-open.ts'
import { serve } from './serve.ts'
import { writerOf } from './writer.ts'

/** Entries come ahead of their change, which says how many they are. */
export type Part = { name: string; add: Entry[] }
export type Rest = Omit<Change, 'add'> & { name: string; entries: number }

const folder = workerData.given as string
const cacheKb = 4096

stepBack()

const writers = new KeptOpen(
  (index) => {
    const sqlite = openIndexFile(folder, index, cacheKb)
    return { ...writerOf(sqlite), bytes: 0, close: () => sqlite.close() }
  },
  { count: 2, bytes: 0 }
)

const gathered = new Map<string, Entry[]>()

serve({
  gather(_index, { name, add }: Part) {
    gathered.set(name, [...(gathered.get(name) ?? []), ...add])
  },
  apply(index, { name, entries, ...rest }: Rest) {
    const change = { ...rest, add: gathered.get(name) ?? [] }
    gathered.delete(name)
    if (change.add.length !== entries) throw new Error('The change was interrupted.')
    if (!indexExists(folder, index)) writers.close(index)
    const writer = writers.use(index)
    writer.apply(change)
    writer.sweep()
    writers.tidy()
  },
  drop(index) {
    writers.close(index)
    removeIndex(folder, index)
  }
})
