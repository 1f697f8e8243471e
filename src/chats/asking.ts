import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import { newId } from '../ids.ts'
import type { Named } from '../tags/tagging.ts'
import { heldUntil } from './hold.ts'
import type { Chat } from './store.ts'
import { emptyAnswer } from './writing.ts'

type Reader = { id: string }
type Asked = { question: string; tags: Named[]; user: Reader }
export type Ids = { question: string; answer: string }

/** A question and the place for its answer, which is still to be written. */
export function putQuestion({ id: chat_id }: Chat, { question, tags, user }: Asked, db: Db, now: Date): Promise<Ids> {
  const at = now.toISOString()
  const ids = { question: newId(), answer: newId() }
  const plain = { chat_id, reason: null, answerer: null, why: null, created_at: at }
  const asked = { id: ids.question, role: 'question' as const, content: question, state: 'done' as const }
  const answer = { id: ids.answer, role: 'answer' as const, content: '', state: 'writing' as const }
  return inTransaction(db, async (tx) => {
    await tx
      .insertInto('messages')
      .values([
        { ...plain, ...asked, question_id: null, held_until: null },
        { ...plain, ...answer, question_id: asked.id, held_until: heldUntil(now) }
      ])
      .execute()
    if (tags.length > 0) {
      const rows = tags.map(({ id }) => ({ message_id: asked.id, account_id: user.id, tag_id: id }))
      await tx.insertInto('question_tags').values(rows).execute()
    }
    await tx.updateTable('chats').set({ updated_at: at }).where('id', '=', chat_id).execute()
    return ids
  })
}

/** Makes room for another answer to the same question; false where one is being written already, or need not be. */
export function clearForAnother(answer: string, db: Db, now: Date): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('messages')
      .set({ state: 'writing', reason: null, answerer: null, why: null, held_until: heldUntil(now) })
      .where('id', '=', answer)
      .where('state', 'in', ['failed', 'interrupted'])
      .executeTakeFirst()
    if (numUpdatedRows > 0n) await emptyAnswer(answer, tx)
    return numUpdatedRows > 0n
  })
}
