import { workerData } from 'node:worker_threads'
import { stepBack } from '../step-back.ts'
import type { Change } from './change.ts'
import { indexExists, openIndexFile, removeIndex } from './file.ts'
import { KeptOpen } from './kept-open.ts'
import { serve } from './serve.ts'
import { writerOf } from './writer.ts'

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

serve({
  apply(index, change: Change) {
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
