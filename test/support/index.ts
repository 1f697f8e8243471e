import type { Test } from 'tap'
import { unit } from '../../src/search/embedder.ts'
import { type Entry, openIndexes } from '../../src/search/indexes.ts'
import { temporaryFolder } from './carrel.ts'

/** Indexes in a folder of their own for one test. */
export function startIndexes(t: Test, options?: Parameters<typeof openIndexes>[1], folder = temporaryFolder(t)) {
  const indexes = openIndexes(folder, options)
  t.teardown(() => indexes.close())
  return { indexes, folder }
}

/** A passage of a document, named after both: `passage('lease', 'The deposit is …')` is `lease#0`. */
export function passage(document: string, text: string, more: Partial<Entry> & { at?: number } = {}): Entry {
  const { at = 0, ...rest } = more
  return { passage: `${document}#${at}`, document, title: '', section: '', lead: '', text, ...rest }
}

/** A vector that points where these numbers say. */
export const towards = (...numbers: number[]) => unit(Float32Array.from(numbers))
