import type { Db } from '../database/tables.ts'
import type { Indexes } from './indexes.ts'
import type { Change, Place, Searched } from './searched.ts'

type Behind = { searched: Searched; place: Place; from: number }

/** Brings an index up to where it is to be; each item comes whole, and coming twice is no harm. */
export async function catchUp(
  { searched, place, from }: Behind,
  indexes: Indexes,
  embedder: string | undefined,
  db: Db
) {
  const about = embedder === undefined ? {} : { embedder }
  const unsorted = await searched.changesSince(from, db)
  const changes = unsorted.sort((one, other) => one.revision - other.revision)
  for (let first = 0; first < changes.length; first += searched.atOnce) {
    const some = changes.slice(first, first + searched.atOnce)
    const there = some.filter(({ removed }) => !removed).map(({ item }) => item)
    const add = there.length > 0 ? await searched.entriesOf(there, embedder, db) : []
    const { revision } = some.at(-1) as Change
    await indexes.apply(place.index_name, { ...about, revision, remove: some.map(({ item }) => item), add })
  }
  await indexes.apply(place.index_name, { ...about, revision: place.revision, remove: [], add: [] })
}
