import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../database/problems.ts'
import type { Db } from '../database/tables.ts'
import { type Contents, contentsOf } from './indexes/contents.ts'
import { indexIsLeft, indexOf, removeIndex } from './indexes/file.ts'
import { ownersOf } from './places.ts'
import { type IndexFolder, isOwnFile } from './replicas.ts'
import type { Passages, Searched } from './searched.ts'

/** How many passages are in the one and not in the other, of those items that count. */
function lacking(all: Passages, there: Passages, counts: (item: string) => boolean = () => true): number {
  let sum = 0
  for (const [item, passages] of all)
    if (counts(item)) for (const passage of passages) if (!there.get(item)?.has(passage)) sum += 1
  return sum
}

/** The index was read first: whatever is older than its revision has been the same in the database ever since. */
async function differences(searched: Searched, index: Contents, db: Db): Promise<string[]> {
  const { wanted, known } = await searched.expectedAt(index.revision, db)
  const missing = lacking(wanted, index.documents)
  const extra = lacking(index.documents, wanted, (item) => wanted.has(item) || !known.has(item))
  const place = await searched.place(db)
  return [
    ...(missing > 0 ? [`lacks passages: ${missing}`] : []),
    ...(extra > 0 ? [`has passages that are gone: ${extra}`] : []),
    ...(index.strays > 0 ? [`has words or vectors of no passage: ${index.strays}`] : []),
    ...(place && place.revision < index.revision ? ['is ahead of the database'] : [])
  ]
}

async function isGoing(name: string, db: Db): Promise<boolean> {
  const left = db.selectFrom('leftovers').select('name').where('kind', '=', 'index').where('name', '=', name)
  return (await left.executeTakeFirst()) !== undefined
}

async function wrongWith({ folder, release }: IndexFolder, name: string, db: Db): Promise<string[]> {
  const owner = (await ownersOf([name], db)).get(name)
  // Whoever has it removes it within seconds.
  if (!owner && (!release || (await isGoing(name, db)))) return []
  const index = owner && contentsOf(folder, name)
  // What has gone meanwhile is no fault.
  if (!indexIsLeft(folder, name)) return []
  if (!owner) return ['belongs to nothing']
  return index ? differences(owner.searched, index, db) : ['is damaged']
}

/**
 * Indexes of nothing, and those that have not what the database has. One that is behind is no fault: it catches up when
 * it is searched. All of them can be made again, unless a server has them open.
 */
export async function* indexProblems(db: Db, folders: IndexFolder[]): AsyncGenerator<Problem> {
  for (const place of folders) {
    const { folder, release } = place
    const entries = readdirSync(folder).filter((entry) => !isOwnFile(entry))
    for (const entry of entries.filter((entry) => indexOf(entry) === undefined)) {
      const mend = async () => rmSync(join(folder, entry), { recursive: true, force: true })
      yield { says: `Among the indexes is something else: ${entry}.`, ...(release && { mend }) }
    }
    for (const name of new Set(entries.map(indexOf).filter((name) => name !== undefined))) {
      const mend = async () => removeIndex(folder, name)
      for (const what of await wrongWith(place, name, db)) {
        yield { says: `The index ${name} ${what}.`, ...(release && { mend }) }
      }
    }
  }
}
