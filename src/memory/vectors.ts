import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import type { Embedder } from '../search/embedder.ts'
import { asBytes } from '../search/vectors.ts'
import { gistsOf, wholeText } from './gists.ts'
import { nextRevision } from './notebook.ts'

type Reader = { id: string }
const atOnce = 16
const few = 2

function withoutVector(user: Reader, embedder: Embedder, db: Db) {
  return db
    .selectFrom('memories')
    .leftJoin('memory_vectors as known', (join) =>
      join.onRef('known.memory_id', '=', 'memories.id').on('known.embedder', '=', embedder.id)
    )
    .where('account_id', '=', user.id)
    .where('known.memory_id', 'is', null)
    .select(['memories.id', 'text', 'revision'])
    .orderBy('memories.id', 'desc')
    .limit(atOnce)
    .execute()
}

/** Gives every memory of a person its vector, some at a time, the newest first. One that changed meanwhile waits its turn. */
export async function embedMemories(user: Reader, embedder: Embedder, db: Db, signal: AbortSignal) {
  for (;;) {
    signal.throwIfAborted()
    const memories = await withoutVector(user, embedder, db)
    if (memories.length === 0) return
    const ids = memories.map(({ id }) => id)
    const gists = await gistsOf(ids, user, db)
    const texts = memories.map(({ id, text }) => wholeText({ text, gist: gists.get(id) ?? null }))
    // What one answer leaves behind is no reason to wake what reads books.
    const vectors = await embedder.embed(texts, texts.length <= few ? 'question' : 'passage')
    await inTransaction(db, async (tx) => {
      const revision = await nextRevision(tx, user.id)
      for (const [index, { id, revision: seen }] of memories.entries()) {
        const mine = tx.updateTable('memories').where('account_id', '=', user.id).where('id', '=', id)
        const same = await mine.set({ revision }).where('revision', '=', seen).executeTakeFirst()
        if (same.numUpdatedRows === 0n) continue
        const given = { embedder: embedder.id, vector: asBytes(vectors[index] as Float32Array) }
        await tx
          .insertInto('memory_vectors')
          .values({ memory_id: id, ...given })
          .onConflict((conflict) => conflict.column('memory_id').doUpdateSet(given))
          .execute()
      }
    })
  }
}
