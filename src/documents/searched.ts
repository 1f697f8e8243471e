import type { Db } from '../database/tables.ts'
import type { Entry } from '../search/indexes.ts'
import type { Change, Passages, Searched } from '../search/searched.ts'
import { asVector } from '../search/vectors.ts'

/** The documents of a workspace, as its index follows them. */
export function documentsOfWorkspace(workspace: string): Searched {
  const place = (db: Db) =>
    db.selectFrom('workspaces').select(['index_name', 'revision']).where('id', '=', workspace).executeTakeFirst()

  async function changesSince(revision: number, db: Db): Promise<Change[]> {
    const removed = await db
      .selectFrom('removed_documents')
      .where('workspace_id', '=', workspace)
      .where('revision', '>', revision)
      .select(['revision', 'document_id as item'])
      .execute()
    const changed = await db
      .selectFrom('documents')
      .where('workspace_id', '=', workspace)
      .where('revision', '>', revision)
      .select(['revision', 'id as item'])
      .execute()
    return [
      ...removed.map((one) => ({ ...one, removed: true })),
      ...changed.map(({ item, revision }) => ({ item, revision: revision as number, removed: false }))
    ]
  }

  async function entriesOf(documents: string[], embedder: string | undefined, db: Db): Promise<Entry[]> {
    const rows = await db
      .selectFrom('passages')
      .innerJoin('documents', 'documents.id', 'passages.document_id')
      .leftJoin('passage_vectors as known', (join) =>
        join.onRef('known.passage_id', '=', 'passages.id').on('known.embedder', '=', embedder ?? '')
      )
      .where('passages.workspace_id', '=', workspace)
      .where('passages.document_id', 'in', documents)
      .select(['passages.id as passage', 'document_id as document', 'title', 'section', 'lead', 'text', 'vector'])
      .orderBy('n')
      .execute()
    return rows.map(({ vector, ...row }) => ({ ...row, ...(vector && { vector: asVector(vector) }) }))
  }

  async function expectedAt(revision: number, db: Db) {
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

  return { place, atOnce: 1, changesSince, entriesOf, expectedAt }
}
