import { inTransaction } from '../database/open.ts'
import { forgetting } from '../memory/forgetting.ts'
import { forgetExchanges } from '../memory/removal.ts'
import type { App } from '../plugins/app-type.ts'
import { holdStill } from '../workspaces/revision.ts'
import { type Chat, deleteChat } from './store.ts'

/** Deletes a chat, by page or by API, and what is remembered of its answers. */
export async function deletingChat(app: App, chat: Chat) {
  await app.answering.stopAll(chat)
  const readers = await inTransaction(app.db, async (tx) => {
    await holdStill(tx, chat.workspace_id)
    const readers = await forgetExchanges({ chat: chat.id }, tx)
    await deleteChat(chat, tx)
    return readers
  })
  await forgetting(app, readers)
}
