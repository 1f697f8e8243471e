import { indexing } from './search/indexing.ts'
import { large } from './search/large.ts'
import { neighbours } from './search/neighbours.ts'

/** What a search costs, in a large index and among many, and how fast an index grows. */
export async function search() {
  await indexing()
  await neighbours()
  await large()
}
