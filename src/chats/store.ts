import type { ExpressionBuilder } from 'kysely'
import { newestOf, type Page, type Wanted as WantedPage } from '../database/page.ts'
import type { Db, Row, Tables } from '../database/tables.ts'
import { NotFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { isId } from '../shapes.ts'
import type { Reader } from '../viewer.ts'
import type { Workspace } from '../workspaces/store.ts'
import { speaksOf } from './seeking.ts'

declare const opened: unique symbol
export type Found = Pick<Row<'chats'>, 'id' | 'workspace_id' | 'title' | 'created_at' | 'updated_at'>

export type Wanted = WantedPage & { q?: string }

/** A chat that was opened by whose it is, in a workspace they may read. Nothing else makes one. */
export type Chat = Found & { readonly [opened]: true }

export const shown = ['chats.id', 'chats.workspace_id', 'title', 'chats.created_at', 'updated_at'] as const
const longestTitle = 80

/** A chat is called by its first question, or by how that begins; so is a question that is kept. */
export function titleFrom(question: string): string {
  const letters = [...question.replaceAll(/\s+/g, ' ').trim()]
  return letters.length > longestTitle
    ? `${letters
        .slice(0, longestTitle - 1)
        .join('')
        .trimEnd()}…`
    : letters.join('')
}

/** A registered program sees the chats that it began itself, its owner all of theirs. */
export const begunBy =
  ({ instance_id }: Reader) =>
  (eb: ExpressionBuilder<Tables, 'chats'>) =>
    instance_id === null ? eb.lit(true) : eb('chats.instance_id', '=', instance_id)

/** Chats of one person in one workspace; every query below starts from `mine`. */
export function chatsIn(workspace: Workspace, user: Reader, db: Db) {
  const mine = db
    .selectFrom('chats')
    .where('account_id', '=', user.id)
    .where('workspace_id', '=', workspace.id)
    .where(begunBy(user))

  const list = ({ q = '', ...wanted }: Wanted): Promise<Page<Found>> =>
    newestOf(
      mine.select(shown).$if(q !== '', (query) => query.where(speaksOf(q, db))),
      'chats',
      wanted
    )

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
      .values({ ...chat, account_id: user.id, instance_id: user.instance_id })
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
