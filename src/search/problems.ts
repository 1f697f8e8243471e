import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../database/problems.ts'
import type { Db } from '../database/tables.ts'
import { type Contents, contentsOf } from './indexes/contents.ts'
import { indexIsLeft, indexOf, removeIndex } from './indexes/file.ts'
import { placesIn } from './places.ts'
import { type IndexFolder, isOwnFile } from './replicas.ts'

type Passages = Map<string, Set<string>>

/** How many passages are in the one and not in the other, of those documents that count. */
function lacking(all: Passages, there: Passages, counts: (document: string) => boolean = () => true): number {
  let sum = 0
  for (const [document, passages] of all)
    if (counts(document)) for (const passage of passages) if (!there.get(document)?.has(passage)) sum += 1
  return sum
}

/** What an index of this revision has to have of a workspace, and which documents it may have besides. */
async function expectedOf(workspace: string, revision: number, db: Db) {
  const passages = await db
    .selectFrom('passages')
    .select(['id', 'document_id'])
    .where('workspace_id', '=', workspace)
    .execute()
  const documents = await db
    .selectFrom('documents')
    .select(['id', 'state', 'revision'])
    .where('workspace_id', '=', workspace)
    .execute()
  const removed = await db
    .selectFrom('removed_documents')
    .select('document_id as id')
    .where('workspace_id', '=', workspace)
    .where('revision', '>', revision)
    .execute()
  const settled = documents.filter(
    (one) => ['ready', 'indexing'].includes(one.state) && one.revision !== null && one.revision <= revision
  )
  const wanted: Passages = new Map(settled.map(({ id }) => [id, new Set()]))
  for (const { id, document_id } of passages) wanted.get(document_id)?.add(id)
  return { wanted, known: new Set([...documents, ...removed].map(({ id }) => id)) }
}

/** The index was read first: whatever is older than its revision has been the same in the database ever since. */
async function differences(workspace: string, index: Contents, db: Db): Promise<string[]> {
  const { wanted, known } = await expectedOf(workspace, index.revision, db)
  const missing = lacking(wanted, index.documents)
  const extra = lacking(index.documents, wanted, (document) => wanted.has(document) || !known.has(document))
  const place = await placesIn(db).where('id', '=', workspace).executeTakeFirst()
  return [
    ...(missing > 0 ? [`lacks passages: ${missing}`] : []),
    ...(extra > 0 ? [`has passages that are gone: ${extra}`] : []),
    ...(index.strays > 0 ? [`has words or vectors of no passage: ${index.strays}`] : []),
    ...(place && place.revision < index.revision ? ['is ahead of its workspace'] : [])
  ]
}

async function isGoing(name: string, db: Db): Promise<boolean> {
  const left = db.selectFrom('leftovers').select('name').where('kind', '=', 'index').where('name', '=', name)
  return (await left.executeTakeFirst()) !== undefined
}

async function wrongWith({ folder, release }: IndexFolder, name: string, db: Db): Promise<string[]> {
  const place = await placesIn(db).where('index_name', '=', name).executeTakeFirst()
  // Whoever has it removes it within seconds.
  if (!place && (!release || (await isGoing(name, db)))) return []
  const index = place && contentsOf(folder, name)
  // What has gone meanwhile is no fault.
  if (!indexIsLeft(folder, name)) return []
  if (!place) return ['belongs to nothing']
  return index ? differences(place.id, index, db) : ['is damaged']
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
