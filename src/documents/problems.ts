import { type RawBuilder, sql } from 'kysely'
import type { Problem } from '../database/problems.ts'
import type { Db } from '../database/tables.ts'
import { clearLeftovers, longestUpload, type Place, strayOriginals } from './leftovers.ts'
import type { Originals } from './originals.ts'

const atOnce = 100

const hasDocument = (table: string) => {
  const [document, workspace] = [sql.ref(`${table}.document_id`), sql.ref(`${table}.workspace_id`)]
  return sql`exists (select 1 from documents d where d.id = ${document} and d.workspace_id = ${workspace})`
}

const orphans: Record<string, RawBuilder<unknown>> = {
  'Passages without a document': sql`from passages where not ${hasDocument('passages')}`,
  'Vectors without a passage': sql`from passage_vectors
    where not exists (select 1 from passages where passages.id = passage_id)`,
  'Citations of a document that is gone': sql`from citations where not ${hasDocument('citations')}`,
  'Quotes from a document that is gone': sql`from answer_parts
    where document_id is not null and not ${hasDocument('answer_parts')}`,
  'Tags on a document that is gone': sql`from document_tags where not ${hasDocument('document_tags')}`
}

async function* orphanProblems(db: Db): AsyncGenerator<Problem> {
  for (const [what, those] of Object.entries(orphans)) {
    const { rows } = await sql<{ count: number }>`select count(*) as count ${those}`.execute(db)
    const count = Number(rows[0]?.count)
    if (count > 0) yield { says: `${what}: ${count}.`, mend: () => sql`delete ${those}`.execute(db) }
  }
}

/** Read again, a document has its text again. */
async function* textProblems(db: Db): AsyncGenerator<Problem> {
  const rows = await db
    .selectFrom('documents')
    .select('id')
    .where('state', '=', 'ready')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('passages').select('n').whereRef('passages.document_id', '=', 'documents.id')))
    )
    .execute()
  for (const { id } of rows) {
    const again = { state: 'pending', tries: 0, held_by: null, held_until: null } as const
    const mend = () =>
      db.updateTable('documents').set(again).where('id', '=', id).where('state', '=', 'ready').execute()
    yield { says: `Document ${id} is ready, but none of its text is there.`, mend }
  }
}

type Kept = { id: string; file: string; bytes: number; hash: string }

async function wrongWith({ id, file, bytes, hash }: Kept, originals: Originals): Promise<string | undefined> {
  const now = await originals.measure(file)
  if (!now) return `Document ${id} has lost its original, ${file}.`
  if (now.bytes !== bytes) return `The original of document ${id} has ${now.bytes} bytes instead of ${bytes}.`
  return now.hash === hash ? undefined : `The original of document ${id} is not what was put there.`
}

/** Each document's original is what was put there. What it was cannot be made again; the text of it may still be there. */
async function* originalProblems(db: Db, originals: Originals): AsyncGenerator<Problem> {
  const documents = db.selectFrom('documents').select(['id', 'file', 'bytes', 'hash'])
  for (let behind = ''; ; ) {
    const some = await documents.where('id', '>', behind).orderBy('id').limit(atOnce).execute()
    for (const document of some) {
      const says = await wrongWith(document, originals)
      // It may have been deleted meanwhile.
      if (says && (await documents.where('id', '=', document.id).executeTakeFirst())) yield { says }
    }
    behind = some.at(-1)?.id ?? ''
    if (some.length < atOnce) return
  }
}

async function* strayProblems(place: Place, served: boolean): AsyncGenerator<Problem> {
  const before = served ? Date.now() - longestUpload : Number.POSITIVE_INFINITY
  for await (const file of strayOriginals(place, before)) {
    const says = `The original ${file} belongs to no document.`
    yield { says, mend: () => place.originals.discard(file) }
  }
}

/** What deletions have left over is cleared away as part of each, so nothing is left while nobody deletes. */
async function* leftoverProblems(place: Place): AsyncGenerator<Problem> {
  const rows = await place.db.selectFrom('leftovers').selectAll().execute()
  for (const { kind, name } of rows) {
    const says = `The ${kind === 'file' ? 'original' : 'index'} ${name} was deleted, and has not been removed yet.`
    yield { says, mend: () => clearLeftovers(place) }
  }
}

/** Whatever belongs to documents and has lost them, or the other way round. `served`: a server may be at work on them. */
export async function* documentProblems(place: Place, served: boolean): AsyncGenerator<Problem> {
  yield* orphanProblems(place.db)
  yield* textProblems(place.db)
  yield* originalProblems(place.db, place.originals)
  yield* strayProblems(place, served)
  if (!served) yield* leftoverProblems(place)
}
