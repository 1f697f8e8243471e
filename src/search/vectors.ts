import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import { change, type Held } from '../documents/hold.ts'
import { type Embedder, embeddingText } from './embedder.ts'

const atOnce = 16

export const asBytes = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)

/** The database may hand bytes out from anywhere in its memory; floats have to begin at a multiple of four. */
export const asVector = (bytes: Uint8Array) => new Float32Array(Uint8Array.from(bytes).buffer)

function withoutVector(held: Held, embedder: Embedder, db: Db) {
  return db
    .selectFrom('passages')
    .innerJoin('documents', 'documents.id', 'passages.document_id')
    .leftJoin('passage_vectors as known', (join) =>
      join.onRef('known.passage_id', '=', 'passages.id').on('known.embedder', '=', embedder.id)
    )
    .where('passages.workspace_id', '=', held.workspace_id)
    .where('passages.document_id', '=', held.id)
    .where('known.passage_id', 'is', null)
    .select(['passages.id', 'title', 'section', 'lead', 'text'])
    .orderBy('n')
    .limit(atOnce)
    .execute()
}

type GivesWay = () => Promise<boolean>

/**
 * Gives every passage of a document its vector, some at a time; what is there already is not made again. True once all
 * have theirs; false where it gives way after some of them.
 */
export async function embedPassages(held: Held, embedder: Embedder, db: Db, givesWay: GivesWay): Promise<boolean> {
  for (let some = false; ; some = true) {
    const passages = await withoutVector(held, embedder, db)
    if (passages.length === 0) return true
    if (some && (await givesWay())) return false
    const vectors = await embedder.embed(passages.map(embeddingText))
    const rows = passages.map(({ id }, index) => ({
      passage_id: id,
      embedder: embedder.id,
      vector: asBytes(vectors[index] as Float32Array)
    }))
    await inTransaction(db, async (tx) => {
      await change(held, { state: 'indexing' }, tx)
      await tx
        .insertInto('passage_vectors')
        .values(rows)
        .onConflict((conflict) =>
          conflict.column('passage_id').doUpdateSet((eb) => ({
            embedder: eb.ref('excluded.embedder'),
            vector: eb.ref('excluded.vector')
          }))
        )
        .execute()
    })
  }
}

/** Where another model gives the vectors than before, every document is taken up again from there. */
export function noteEmbedder(id: string, db: Db) {
  return inTransaction(db, async (tx) => {
    const before = await tx.selectFrom('facts').select('value').where('name', '=', 'embedder').executeTakeFirst()
    if (before?.value === id) return
    await tx.updateTable('documents').set({ state: 'indexing' }).where('state', '=', 'ready').execute()
    await tx
      .insertInto('facts')
      .values({ name: 'embedder', value: id })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: id }))
      .execute()
  })
}
