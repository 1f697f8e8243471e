import { noteDeletion } from '../database/anew.ts'
import { emptyLog } from '../database/sqlite.ts'
import type { Db } from '../database/tables.ts'
import type { Originals } from './originals.ts'

const atOnce = 100

/** How long an original may lie there before it has become a document, in milliseconds. */
export const longestUpload = 3600 * 1000

/** Where something may be left over, and how an index is removed there. */
export type Place = { db: Db; originals: Originals; searching: { dropIndex: (name: string) => Promise<void> } }

/** Originals that belong to no document, nor to a deletion that is under way. */
export async function* strayOriginals({ db, originals }: Omit<Place, 'searching'>, bornBefore: number) {
  const files = await originals.bornBefore(bornBefore)
  for (let first = 0; first < files.length; first += atOnce) {
    const some = files.slice(first, first + atOnce)
    const kept = await db.selectFrom('documents').select('file').where('file', 'in', some).execute()
    const left = await db.selectFrom('leftovers').select('name as file').where('name', 'in', some).execute()
    const known = new Set([...kept, ...left].map(({ file }) => file))
    for (const file of some) if (!known.has(file) && originals.isThere(file)) yield file
  }
}

/** Originals that never became a document, because of a crash in between. */
export async function sweepOriginals(place: Place, bornBefore: number) {
  for await (const file of strayOriginals(place, bornBefore)) await place.originals.discard(file)
}

/** Removes from the disk what deletions have left over, until nothing is; what a crash interrupts is done at the next start. */
export async function clearLeftovers({ db, originals, searching }: Place) {
  for (;;) {
    const rows = await db.selectFrom('leftovers').selectAll().limit(atOnce).execute()
    if (rows.length > 0) await noteDeletion(db)
    for (const { kind, name } of rows) {
      await (kind === 'file' ? originals.discard(name) : searching.dropIndex(name))
      await db.deleteFrom('leftovers').where('kind', '=', kind).where('name', '=', name).execute()
    }
    if (rows.length < atOnce) break
  }
  await emptyLog(db)
}
