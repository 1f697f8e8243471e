import type { Db } from '../database/tables.ts'
import type { Entry, Indexes } from './indexes.ts'
import { asVector } from './vectors.ts'

type Change = { revision: number; document: string; removed: boolean }
type Place = { id: string; index_name: string; revision: number }

/** What has changed in a workspace since a revision, oldest first. */
async function changesSince(place: Place, revision: number, db: Db): Promise<Change[]> {
  const removed = await db
    .selectFrom('removed_documents')
    .where('workspace_id', '=', place.id)
    .where('revision', '>', revision)
    .select(['revision', 'document_id as document'])
    .execute()
  const changed = await db
    .selectFrom('documents')
    .where('workspace_id', '=', place.id)
    .where('revision', '>', revision)
    .select(['revision', 'id as document'])
    .execute()
  const all = [
    ...removed.map((one) => ({ ...one, removed: true })),
    ...changed.map((one) => ({ document: one.document, revision: one.revision as number, removed: false }))
  ]
  return all.sort((one, other) => one.revision - other.revision)
}

/** A document as an index takes it; nothing of it where it was removed meanwhile. */
async function entriesOf(place: Place, document: string, embedder: string | undefined, db: Db): Promise<Entry[]> {
  const rows = await db
    .selectFrom('passages')
    .innerJoin('documents', 'documents.id', 'passages.document_id')
    .leftJoin('passage_vectors as known', (join) =>
      join.onRef('known.passage_id', '=', 'passages.id').on('known.embedder', '=', embedder ?? '')
    )
    .where('passages.workspace_id', '=', place.id)
    .where('passages.document_id', '=', document)
    .select(['passages.id as passage', 'document_id as document', 'title', 'section', 'lead', 'text', 'vector'])
    .orderBy('n')
    .execute()
  return rows.map(({ vector, ...row }) => ({ ...row, ...(vector && { vector: asVector(vector) }) }))
}

/** Brings an index up to where its workspace is; each document comes whole, and coming twice is no harm. */
export async function catchUp(place: Place, from: number, indexes: Indexes, embedder: string | undefined, db: Db) {
  const about = embedder === undefined ? {} : { embedder }
  for (const { revision, document, removed } of await changesSince(place, from, db)) {
    const add = removed ? [] : await entriesOf(place, document, embedder, db)
    await indexes.apply(place.index_name, { ...about, revision, remove: [document], add })
  }
  await indexes.apply(place.index_name, { ...about, revision: place.revision, remove: [], add: [] })
}
