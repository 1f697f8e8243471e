import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import { NotFound, RoomStays } from '../errors.ts'
import { forgetExchanges, forgetQuotes } from '../memory/removal.ts'
import { nextRevision } from '../workspaces/revision.ts'
import type { OwnWorkspace } from '../workspaces/store.ts'
import type { ChangeableDocument } from './store.ts'

/** What went with a deletion, for whoever asked for it. */
export type Receipt = { documents: number; passages: number; vectors: number; bytes: number }
/** That, and whose memories have to forget it too. */
type Removed = { receipt: Receipt; readers: string[] }

/** Deletes a document with everything that was made of it; the original is left over to be removed from the disk. */
export function removeDocument({ id, workspace_id, file, bytes }: ChangeableDocument, db: Db): Promise<Removed> {
  return inTransaction(db, async (tx) => {
    const revision = await nextRevision(tx, workspace_id)
    const counted = await countIn(tx, workspace_id, id)
    const readers = await forgetQuotes({ id, workspace_id }, tx)
    const gone = await tx
      .deleteFrom('documents')
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .executeTakeFirst()
    if (gone.numDeletedRows === 0n) throw new NotFound()
    await tx.insertInto('removed_documents').values({ workspace_id, revision, document_id: id }).execute()
    await tx.insertInto('leftovers').values({ kind: 'file', name: file }).execute()
    return { receipt: { ...counted, documents: 1, bytes }, readers }
  })
}

/** Deletes a workspace with all its documents; the originals and the index are left over to be removed. */
export function removeWorkspace({ id, is_room }: OwnWorkspace, db: Db): Promise<Removed> {
  if (is_room) throw new RoomStays()
  return inTransaction(db, async (tx) => {
    // In the order in which whoever accepts an invite takes hold of them, or the two might block each other for ever.
    await tx.deleteFrom('invites').where('workspace_id', '=', id).execute()
    await nextRevision(tx, id).catch(() => {
      throw new NotFound()
    })
    const counted = await countIn(tx, id)
    const readers = await forgetExchanges({ workspace: id }, tx)
    const documents = tx.selectFrom('documents').where('workspace_id', '=', id)
    const { count, bytes } = await documents
      .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.sum<number | null>('bytes').as('bytes')])
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('leftovers')
      .columns(['kind', 'name'])
      .expression(documents.select((eb) => [eb.val('file').as('kind'), 'file as name']))
      .execute()
    const index = tx.selectFrom('workspaces').where('id', '=', id)
    await tx
      .insertInto('leftovers')
      .columns(['kind', 'name'])
      .expression(index.select((eb) => [eb.val('index').as('kind'), 'index_name as name']))
      .execute()
    await tx.deleteFrom('workspaces').where('id', '=', id).execute()
    return { receipt: { ...counted, documents: Number(count), bytes: Number(bytes ?? 0) }, readers }
  })
}

async function countIn(tx: Db, workspace: string, document?: string) {
  const { passages, vectors } = await tx
    .selectFrom('passages')
    .leftJoin('passage_vectors', 'passage_id', 'passages.id')
    .where('workspace_id', '=', workspace)
    .$if(document !== undefined, (query) => query.where('document_id', '=', document as string))
    .select((eb) => [eb.fn.countAll<number>().as('passages'), eb.fn.count<number>('passage_id').as('vectors')])
    .executeTakeFirstOrThrow()
  return { passages: Number(passages), vectors: Number(vectors) }
}
