import type { ExpressionBuilder } from 'kysely'
import { holdAccount } from '../accounts/store.ts'
import { inTransaction } from '../database/open.ts'
import { newestOf, type Page, type Wanted } from '../database/page.ts'
import type { Db, Row, Tables } from '../database/tables.ts'
import { Forbidden, NotFound, QuotaFull } from '../errors.ts'
import { newId } from '../ids.ts'
import { isId } from '../shapes.ts'
import { folded } from '../tags/name.ts'
import { nextRevision } from '../workspaces/revision.ts'
import type { EditableWorkspace, Workspace } from '../workspaces/store.ts'
import type { Original } from './originals.ts'
import { nextTurn } from './turns.ts'

declare const opened: unique symbol
type Reader = { id: string }

export const shown = [
  'documents.id',
  'documents.workspace_id',
  'documents.added_by',
  'title',
  'origin',
  'source_url',
  'format',
  'file',
  'bytes',
  'pages',
  'state',
  'reason',
  'documents.created_at',
  'documents.updated_at'
] as const

type Shown = 'id' | 'workspace_id' | 'added_by' | 'title' | 'origin' | 'source_url' | 'format' | 'file'
export type Found = Pick<Row<'documents'>, Shown | 'bytes' | 'pages' | 'state' | 'reason' | 'created_at' | 'updated_at'>

/** A document that was opened in a workspace somebody may read. Nothing else makes one. */
export type Document = Found & { readonly [opened]: 'to read' | 'to change' }
/** One whose workspace is theirs, or that they have added themselves. */
export type ChangeableDocument = Document & { readonly [opened]: 'to change' }

export type WantedDocuments = Wanted & { tag?: string }

/**
 * Narrows documents to those somebody has given one of their tags, which is told by its id or its name; a tag of another
 * person narrows them to nothing.
 */
export const tagged = (tag: string, user: Reader) => (eb: ExpressionBuilder<Tables, 'documents'>) => {
  const named = eb.selectFrom('tags').where('account_id', '=', user.id).where('folded', '=', folded(tag)).select('id')
  const mine = eb.selectFrom('document_tags').where('account_id', '=', user.id).select('document_id')
  return eb('documents.id', 'in', mine.where('tag_id', '=', isId(tag) ? tag : named))
}

/** Renaming, trying again and deleting: the owner may do so with every document, an editor with those they added. */
export const mayChange = (workspace: Workspace, { added_by }: Found, user: Reader) =>
  workspace.role === 'owner' || (workspace.role === 'editor' && added_by === user.id)

/** Documents in one workspace; every query below starts from `here`. */
export function documentsIn(workspace: Workspace, db: Db) {
  const here = db.selectFrom('documents').where('documents.workspace_id', '=', workspace.id).select(shown)

  function list({ tag, ...wanted }: WantedDocuments, user: Reader): Promise<Page<Found>> {
    return newestOf(tag ? here.where(tagged(tag, user)) : here, 'documents', wanted)
  }

  async function open(id: string): Promise<Document> {
    const row = isId(id) && (await here.where('documents.id', '=', id).executeTakeFirst())
    if (!row) throw new NotFound()
    return row as Document
  }

  async function change(id: string, user: Reader): Promise<ChangeableDocument> {
    const document = await open(id)
    if (!mayChange(workspace, document, user))
      throw new Forbidden({ message: 'Only the owner of this workspace, or whoever added it, may do this.' })
    return document as ChangeableDocument
  }

  return { list, open, change }
}

export type NewDocument = Pick<Row<'documents'>, 'title' | 'origin' | 'source_url'>

/** How much a person has put on their desks. */
export async function bytesOf(user: Reader, db: Db): Promise<number> {
  const mine = db.selectFrom('documents').where('added_by', '=', user.id)
  const { sum } = await mine.select((eb) => eb.fn.sum<number | null>('bytes').as('sum')).executeTakeFirstOrThrow()
  return Number(sum ?? 0)
}

type Adding = { user: Reader; quota: number; now: Date }

/** Puts a document on the desk, unless the very same file is there: then it is that one that is answered. */
export function addDocument(
  workspace: EditableWorkspace,
  original: Original,
  about: NewDocument,
  db: Db,
  { user, quota, now }: Adding
): Promise<{ document: Document; already: boolean }> {
  return inTransaction(db, async (tx) => {
    await holdAccount(user, tx)
    if ((await bytesOf(user, tx)) + original.bytes > quota) throw new QuotaFull()
    const [id, at] = [newId(), now.toISOString()]
    const made = await tx
      .insertInto('documents')
      .values({
        ...about,
        ...original,
        id,
        workspace_id: workspace.id,
        added_by: user.id,
        format: null,
        pages: null,
        state: 'pending',
        turn: await nextTurn(user.id, tx),
        reason: null,
        held_by: null,
        held_until: null,
        revision: null,
        created_at: at,
        updated_at: at
      })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'hash']).doNothing())
      .executeTakeFirst()
    const already = made.numInsertedOrUpdatedRows === 0n
    const here = tx.selectFrom('documents').where('workspace_id', '=', workspace.id)
    const document = await here.select(shown).where('hash', '=', original.hash).executeTakeFirstOrThrow()
    return { document: document as Document, already }
  })
}

/** The title is searched too, so the index has to hear of it. */
export function renameDocument({ id, workspace_id }: ChangeableDocument, title: string, db: Db, now: Date) {
  return inTransaction(db, async (tx) => {
    const revision = await nextRevision(tx, workspace_id)
    await tx
      .updateTable('documents')
      .set((eb) => ({
        title,
        updated_at: now.toISOString(),
        revision: eb.case().when('revision', 'is', null).then(null).else(revision).end()
      }))
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .execute()
  })
}

/** Puts one that failed back to the beginning. */
export function tryAgain({ id, workspace_id, added_by }: ChangeableDocument, db: Db, now: Date) {
  return inTransaction(db, async (tx) => {
    const turn = await nextTurn(added_by, tx)
    await tx
      .updateTable('documents')
      .set({ state: 'pending', turn, reason: null, tries: 0, held_until: null, updated_at: now.toISOString() })
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .where('state', '=', 'failed')
      .execute()
  })
}
