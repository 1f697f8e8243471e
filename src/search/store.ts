import type { Db, Row } from '../database/tables.ts'
import type { Workspace } from '../workspaces/store.ts'
import type { Hit } from './indexes.ts'

type Stored = Pick<Row<'passages'>, 'n' | 'text' | 'section' | 'page' | 'document_id'> & { id: string; title: string }
export type Found = Omit<Stored, 'id'> & { passage_id: string } & Pick<Hit, 'score' | 'lexical' | 'dense'>

/**
 * What was hit, as it stands in the database now. The index is only asked where to look: what is told comes from the
 * rows of this workspace, and a hit that is in none of them is dropped.
 */
export async function passagesHit(workspace: Workspace, hits: Hit[], db: Db): Promise<Found[]> {
  if (hits.length === 0) return []
  const rows = await db
    .selectFrom('passages')
    .innerJoin('documents', 'documents.id', 'passages.document_id')
    .where('passages.workspace_id', '=', workspace.id)
    .where(
      'passages.id',
      'in',
      hits.map(({ passage }) => passage)
    )
    .select(['passages.id', 'n', 'text', 'section', 'passages.page', 'document_id', 'title'])
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return hits.flatMap(({ passage, score, lexical, dense }) => {
    const row = byId.get(passage)
    if (!row) return []
    const { id: passage_id, ...rest } = row
    return [{ ...rest, passage_id, score, ...(lexical && { lexical }), ...(dense && { dense }) }]
  })
}
