import { newestOf, type Page } from '../database/page.ts'
import type { Db } from '../database/tables.ts'
import { NotFound } from '../errors.ts'
import { isId } from '../shapes.ts'
import type { Reader } from '../viewer.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { type Document, documentsIn, type Found, shown, tagged, type WantedDocuments } from './store.ts'

/** Documents somebody may read, wherever they are; every query below starts from their own memberships. */
export function documentsOf(user: Reader, db: Db) {
  const mine = db
    .selectFrom('memberships')
    .innerJoin('documents', 'documents.workspace_id', 'memberships.workspace_id')
    .where('memberships.account_id', '=', user.id)
    .$if(user.within !== null, (query) => query.where('memberships.workspace_id', '=', user.within))

  function list({ tag, ...wanted }: WantedDocuments): Promise<Page<Found>> {
    const all = mine.select(shown)
    return newestOf(tag ? all.where(tagged(tag, user)) : all, 'documents', wanted)
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

  /** The same by one of its passages, and where in it that stands. */
  async function openAt(passage: string) {
    const among = mine.innerJoin('passages', 'passages.document_id', 'documents.id')
    const row =
      isId(passage) &&
      (await among.select(['documents.id', 'passages.n']).where('passages.id', '=', passage).executeTakeFirst())
    if (!row) throw new NotFound()
    return { ...(await open(row.id)), n: row.n }
  }

  return { list, open, openAt }
}
