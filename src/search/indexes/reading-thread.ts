import { workerData } from 'node:worker_threads'
import type { Found, Question, State } from './change.ts'
import { indexExists, openIndexFile } from './file.ts'
import { KeptOpen } from './kept-open.ts'
import { cacheKb, readerOf } from './reader.ts'
import { serve } from './serve.ts'
import { openStems } from './stems.ts'

export type Given = { folder: string; exactUpTo: number; open: number; bytes: number }

const { folder, exactUpTo, open, bytes } = workerData.given as Given

const stems = openStems()
const readers = new KeptOpen((index) => readerOf(openIndexFile(folder, index, cacheKb), stems, exactUpTo), {
  count: open,
  bytes
})

const nothing: State = { revision: 0, passages: 0, documents: 0, vectors: 0 }

/** A file that somebody removed would go on being read. */
function exists(index: string): boolean {
  if (indexExists(folder, index)) return true
  readers.close(index)
  return false
}

serve({
  search(index, question: Question): Found {
    if (!exists(index)) return { revision: 0, hits: [] }
    try {
      return readers.use(index).search(question)
    } catch (error) {
      readers.close(index)
      throw error
    } finally {
      readers.tidy()
    }
  },
  state: (index): State => (exists(index) ? readers.use(index).state() : nothing),
  close: (index) => readers.close(index)
})
