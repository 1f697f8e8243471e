import { emptyLog } from '../database/sqlite.ts'
import type { App } from '../plugins/app-type.ts'

const atOnce = 100

/** Long enough for the slowest upload to have become a document. */
const young = 3600 * 1000

/** Originals that never became a document, because of a crash in between. */
export async function sweepOriginals(app: App) {
  const files = await app.originals.olderThan(young)
  for (let first = 0; first < files.length; first += atOnce) {
    const some = files.slice(first, first + atOnce)
    const rows = await app.db.selectFrom('documents').select('file').where('file', 'in', some).execute()
    const known = new Set(rows.map(({ file }) => file))
    for (const file of some) if (!known.has(file)) await app.originals.discard(file)
  }
}

/** Removes from the disk what deletions have left over, until nothing is; what a crash interrupts is done at the next start. */
export async function clearLeftovers(app: App) {
  for (;;) {
    const rows = await app.db.selectFrom('leftovers').selectAll().limit(atOnce).execute()
    for (const { kind, name } of rows) {
      await (kind === 'file' ? app.originals.discard(name) : app.searching.dropIndex(name))
      await app.db.deleteFrom('leftovers').where('kind', '=', kind).where('name', '=', name).execute()
    }
    if (rows.length < atOnce) break
  }
  await emptyLog(app.db)
}
