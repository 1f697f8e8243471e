import { type ExpressionBuilder, sql } from 'kysely'
import type { Db, Tables } from '../database/tables.ts'
import { nextRevision } from './notebook.ts'

/** What takes its exchanges with it when it is deleted. */
type Taking = { workspace: string } | { chat: string }

const takenBy = (taking: Taking) => (eb: ExpressionBuilder<Tables, 'memories'>) =>
  'workspace' in taking
    ? eb('workspace_id', '=', taking.workspace)
    : eb('answer_id', 'in', eb.selectFrom('messages').select('id').where('chat_id', '=', taking.chat))

/** Forgets exchanges before what they were about is deleted; answers with whose they were. `tx` must be a transaction. */
export async function forgetExchanges(taking: Taking, tx: Db): Promise<string[]> {
  const going = tx.selectFrom('memories').where(takenBy(taking))
  const readers = await going.select('account_id').distinct().orderBy('account_id').execute()
  for (const { account_id } of readers) {
    const revision = await nextRevision(tx, account_id)
    const theirs = going
      .where('account_id', '=', account_id)
      .select(['account_id', sql<number>`cast(${revision} as integer)`.as('revision'), 'id as memory_id'])
    await tx
      .insertInto('removed_memories')
      .columns(['account_id', 'revision', 'memory_id'])
      .expression(theirs)
      .execute()
  }
  await tx.deleteFrom('memories').where(takenBy(taking)).execute()
  return readers.map(({ account_id }) => account_id)
}

/** Forgets what a document was quoted with; answers with whose memories have changed by it. `tx` must be a transaction. */
export async function forgetQuotes(document: { id: string; workspace_id: string }, tx: Db): Promise<string[]> {
  const quoting = tx
    .selectFrom('memory_gists')
    .where('memory_gists.workspace_id', '=', document.workspace_id)
    .where('memory_gists.document_id', '=', document.id)
  const readers = await quoting
    .innerJoin('memories', 'memories.id', 'memory_id')
    .select('account_id')
    .distinct()
    .orderBy('account_id')
    .execute()
  await tx.deleteFrom('memory_vectors').where('memory_id', 'in', quoting.select('memory_id')).execute()
  for (const { account_id } of readers) {
    const revision = await nextRevision(tx, account_id)
    await tx
      .updateTable('memories')
      .set({ revision })
      .where('account_id', '=', account_id)
      .where('id', 'in', quoting.select('memory_id'))
      .execute()
  }
  return readers.map(({ account_id }) => account_id)
}
