import { type Page, pageOf } from '../database/page.ts'
import type { Db } from '../database/tables.ts'
import { NotFound } from '../errors.ts'
import { isId } from '../shapes.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { type Document, documentsIn, type Found, shown, tagged } from './store.ts'

type Reader = { id: string }
type Wanted = { limit: number; cursor?: string; tag?: string; workspace_id?: string }

/** Documents somebody may read, wherever they are; every query below starts from their own memberships. */
export function documentsOf(user: Reader, db: Db) {
  const mine = db
    .selectFrom('memberships')
    .innerJoin('documents', 'documents.workspace_id', 'memberships.workspace_id')
    .where('memberships.account_id', '=', user.id)

  async function list({ limit, cursor, tag }: Wanted): Promise<Page<Found>> {
    const rows = await mine
      .select(shown)
      .$if(cursor !== undefined, (query) => query.where('documents.id', '<', cursor as string))
      .$if(tag !== undefined, (query) => query.where(tagged(tag as string, user)))
      .orderBy('documents.id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, 'id')
  }

  /** A document and the workspace it stands in, as it was opened for them. */
  async function open(id: string) {
    const row =
      isId(id) && (await mine.select('documents.workspace_id').where('documents.id', '=', id).executeTakeFirst())
    if (!row) throw new NotFound()
    const workspace = await workspacesOf(user, db).open(row.workspace_id)
    const document: Document = await documentsIn(workspace, db).open(id)
    return { workspace, document }
  }

  return { list, open }
}
