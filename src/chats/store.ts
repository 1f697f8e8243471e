import { inTransaction } from '../database/open.ts'
import { newestOf, type Page, type Wanted } from '../database/page.ts'
import type { Db, Row } from '../database/tables.ts'
import { NotFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { isId } from '../shapes.ts'
import type { Workspace } from '../workspaces/store.ts'

declare const opened: unique symbol
type Reader = { id: string }
export type Found = Pick<Row<'chats'>, 'id' | 'workspace_id' | 'title' | 'created_at' | 'updated_at'>

/** A chat that was opened by whose it is, in a workspace they may read. Nothing else makes one. */
export type Chat = Found & { readonly [opened]: true }

export const shown = ['chats.id', 'chats.workspace_id', 'title', 'chats.created_at', 'updated_at'] as const
const longestTitle = 80

/** A chat is called by its first question, or by how that begins. */
function titleFrom(question: string): string {
  const letters = [...question.replaceAll(/\s+/g, ' ').trim()]
  return letters.length > longestTitle
    ? `${letters
        .slice(0, longestTitle - 1)
        .join('')
        .trimEnd()}…`
    : letters.join('')
}

/** Chats of one person in one workspace; every query below starts from `mine`. */
export function chatsIn(workspace: Workspace, user: Reader, db: Db) {
  const mine = db.selectFrom('chats').where('account_id', '=', user.id).where('workspace_id', '=', workspace.id)

  const list = (wanted: Wanted): Promise<Page<Found>> => newestOf(mine.select(shown), 'chats', wanted)

  async function open(id: string): Promise<Chat> {
    const row = isId(id) && (await mine.select(shown).where('id', '=', id).executeTakeFirst())
    if (!row) throw new NotFound()
    return row as Chat
  }

  async function start(title: string, now: Date): Promise<Chat> {
    const at = now.toISOString()
    const chat = { id: newId(), workspace_id: workspace.id, title: titleFrom(title), created_at: at, updated_at: at }
    await db
      .insertInto('chats')
      .values({ ...chat, account_id: user.id })
      .execute()
    return chat as Chat
  }

  return { list, open, start }
}

export async function renameChat({ id }: Chat, title: string, db: Db, now: Date) {
  await db.updateTable('chats').set({ title, updated_at: now.toISOString() }).where('id', '=', id).execute()
}

export async function deleteChat({ id }: Chat, db: Db) {
  await db.deleteFrom('chats').where('id', '=', id).execute()
}

const holdMs = 120_000

/** Answers that nobody writes any more, because the process that did is gone; of one that may live, once its time is over. */
export async function interruptLost(db: Db, now: Date, { alone }: { alone: boolean }) {
  await db
    .updateTable('messages')
    .set({ state: 'interrupted', reason: 'Carrel was stopped while it wrote this.', held_until: null })
    .where('state', '=', 'writing')
    .$if(!alone, (query) => query.where('held_until', '<=', now.toISOString()))
    .execute()
}

/** Whoever writes an answer says so from time to time. */
export async function holdAnswer(id: string, db: Db, now: Date) {
  const held_until = new Date(now.getTime() + holdMs).toISOString()
  await db.updateTable('messages').set({ held_until }).where('id', '=', id).execute()
}

/** A question and the place for its answer, which is still to be written. */
export function putQuestion({ id: chat_id }: Chat, question: string, db: Db, now: Date) {
  const at = now.toISOString()
  const plain = { chat_id, reason: null, answerer: null, why: null, held_until: null, created_at: at }
  const asked = { ...plain, id: newId(), role: 'question' as const, content: question, state: 'done' as const }
  const held_until = new Date(now.getTime() + holdMs).toISOString()
  const answer = { ...plain, held_until, id: newId(), role: 'answer' as const, content: '', state: 'writing' as const }
  return inTransaction(db, async (tx) => {
    await tx.insertInto('messages').values([asked, answer]).execute()
    await tx.updateTable('chats').set({ updated_at: at }).where('id', '=', chat_id).execute()
    return { question: asked.id, answer: answer.id }
  })
}
