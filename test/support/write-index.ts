// A process for tests: it adds very much to an index, at once, and says when it has begun.
import { openIndexes } from '../../src/search/indexes.ts'
import { passage } from './index.ts'

const [folder = '', index = ''] = process.argv.slice(2)
const indexes = openIndexes(folder)
const add = Array.from({ length: 60_000 }, (_, at) =>
  passage(`d${at}`, Array.from({ length: 60 }, (_, word) => `torn${(at * 31 + word * 7) % 5000}`).join(' '))
)
await indexes.apply(index, { revision: 2, remove: ['before'], add })
await indexes.close()
