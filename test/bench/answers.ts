import { firstWords } from './answers/first-words.ts'
import { streams } from './answers/streams.ts'
import { whileIndexing } from './answers/while-indexing.ts'

/** How soon an answer begins, how many can be written at once, and what pages feel of a desk being read. */
export async function answers() {
  await firstWords()
  await streams()
  await whileIndexing()
}
