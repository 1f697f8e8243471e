import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import type { Document } from '../documents/store.ts'
import { tagsOf } from './store.ts'

type Reader = { id: string }
export type Named = { id: string; name: string }

async function attach(tx: Db, { id: document_id, workspace_id }: Document, user: Reader, names: string[], now: Date) {
  const tags = await tagsOf(user, tx).ensure(names, now)
  if (tags.length === 0) return
  await tx
    .insertInto('document_tags')
    .values(tags.map(({ id }) => ({ account_id: user.id, tag_id: id, workspace_id, document_id })))
    .onConflict((conflict) => conflict.columns(['tag_id', 'document_id']).doNothing())
    .execute()
}

/** Adds somebody's own tags to a document; other people's on it are none of their business. */
export async function tagDocument(document: Document, user: Reader, names: string[], db: Db, now: Date) {
  if (names.length > 0) await inTransaction(db, (tx) => attach(tx, document, user, names, now))
}

/** Somebody's own tags on a document become these and no others. */
export function retagDocument(document: Document, user: Reader, names: string[], db: Db, now: Date) {
  return inTransaction(db, async (tx) => {
    const mine = tx.deleteFrom('document_tags').where('account_id', '=', user.id)
    await mine.where('document_id', '=', document.id).execute()
    await attach(tx, document, user, names, now)
  })
}

/** The tags somebody has given to each of these documents. */
export async function tagsOn(documents: { id: string }[], user: Reader, db: Db): Promise<Map<string, Named[]>> {
  const tags = new Map<string, Named[]>(documents.map(({ id }) => [id, []]))
  if (documents.length === 0) return tags
  const rows = await db
    .selectFrom('document_tags')
    .innerJoin('tags', 'tags.id', 'document_tags.tag_id')
    .where('document_tags.account_id', '=', user.id)
    .where('document_id', 'in', [...tags.keys()])
    .orderBy('folded')
    .select(['document_id', 'tags.id', 'name'])
    .execute()
  for (const { document_id, ...tag } of rows) tags.get(document_id)?.push(tag)
  return tags
}
