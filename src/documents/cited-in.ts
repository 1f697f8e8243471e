import { newestOf, type Page, type Wanted } from '../database/page.ts'
import type { Db } from '../database/tables.ts'
import type { Document } from './store.ts'

/** An answer that cites the document, by its id, and the chat it stands in. */
export type CitedIn = { id: string; question_id: string | null; chat_id: string; title: string; created_at: string }

/** Where somebody's own answers cite a document; it is looked for among these, for others are no business of theirs. */
export function citedIn({ id, workspace_id }: Document, user: { id: string }, db: Db) {
  const mine = db
    .selectFrom('chats')
    .innerJoin('messages', 'messages.chat_id', 'chats.id')
    .where('chats.account_id', '=', user.id)
    .where('chats.workspace_id', '=', workspace_id)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('citations')
          .select('n')
          .whereRef('citations.message_id', '=', 'messages.id')
          .where('citations.document_id', '=', id)
      )
    )

  const list = (wanted: Wanted): Promise<Page<CitedIn>> =>
    newestOf(mine.select(['messages.id', 'question_id', 'chat_id', 'title', 'messages.created_at']), 'messages', wanted)

  return { list }
}
