import { newestOf, type Page } from '../database/page.ts'
import { prepared } from '../database/prepared.ts'
import type { Db } from '../database/tables.ts'
import { NotFound } from '../errors.ts'
import { isId } from '../shapes.ts'
import type { Reader } from '../viewer.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { speaksOf } from './seeking.ts'
import { begunBy, chatsIn, type Found, shown, type Wanted } from './store.ts'

const newest = prepared<{ account: string; limit: number }, Found>((db, value) =>
  db
    .selectFrom('chats')
    .innerJoin('memberships', 'memberships.workspace_id', 'chats.workspace_id')
    .where('memberships.account_id', '=', value('account'))
    .where('chats.account_id', '=', value('account'))
    .select(shown)
    .orderBy('chats.id', 'desc')
    .limit(value('limit'))
)

/** Somebody's latest chats, for the first of all pages. */
export const latestChats = (user: { id: string }, limit: number, db: Db) => newest(db, { account: user.id, limit })

/** Chats of one person, in whatever workspaces they may still read; every query below starts from `mine`. */
export function chatsOf(user: Reader, db: Db) {
  const mine = db
    .selectFrom('chats')
    .innerJoin('memberships', (join) =>
      join.onRef('memberships.workspace_id', '=', 'chats.workspace_id').on('memberships.account_id', '=', user.id)
    )
    .where('chats.account_id', '=', user.id)
    .where(begunBy(user))
    .$if(user.within !== null, (query) => query.where('chats.workspace_id', '=', user.within))

  const list = ({ q = '', ...wanted }: Wanted): Promise<Page<Found>> =>
    newestOf(
      mine.select(shown).$if(q !== '', (query) => query.where(speaksOf(q, db))),
      'chats',
      wanted
    )

  /** A chat and the workspace it stands in, as both were opened for them. */
  async function open(id: string) {
    const row = isId(id) && (await mine.select('chats.workspace_id').where('chats.id', '=', id).executeTakeFirst())
    if (!row) throw new NotFound()
    const workspace = await workspacesOf(user, db).open(row.workspace_id)
    return { workspace, chat: await chatsIn(workspace, user, db).open(id) }
  }

  return { list, open }
}
