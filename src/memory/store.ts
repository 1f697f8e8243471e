import { inTransaction } from '../database/open.ts'
import { type Page, pageOf } from '../database/page.ts'
import type { Db, Row } from '../database/tables.ts'
import { Invalid, MemoryOff, NotFound } from '../errors.ts'
import { isId } from '../shapes.ts'
import { gistsOf } from './gists.ts'
import { keep, sameAs, tidy } from './keeping.ts'
import { beginAnew, isOn, nextRevision } from './notebook.ts'

type Reader = { id: string }
type Columns = Pick<Row<'memories'>, 'id' | 'kind' | 'text' | 'message_id' | 'created_at' | 'updated_at'>
type Kept = Columns & { chat_id: string | null; workspace_id: string | null }
/** Its message, and where that stands, only where its reader may go there. */
export type Memory = Columns & { gist: string | null; chat_id: string | null; workspace_id: string | null }

/** Memories of one person; every query below starts from `mine`. */
export function memoriesOf(user: Reader, db: Db) {
  const mine = db
    .selectFrom('memories')
    .leftJoin('messages', 'messages.id', 'memories.message_id')
    .leftJoin('chats', 'chats.id', 'messages.chat_id')
    .leftJoin('memberships', (join) =>
      join.onRef('memberships.workspace_id', '=', 'chats.workspace_id').on('memberships.account_id', '=', user.id)
    )
    .where('memories.account_id', '=', user.id)
    .select(['memories.id', 'kind', 'text', 'message_id', 'messages.chat_id', 'memberships.workspace_id'])
    .select(['memories.created_at', 'memories.updated_at'])

  async function told(rows: Kept[]): Promise<Memory[]> {
    const gists = await gistsOf(
      rows.filter(({ kind }) => kind === 'exchange').map(({ id }) => id),
      user,
      db
    )
    return rows.map(({ message_id, chat_id, ...row }) => {
      const place = row.workspace_id ? { message_id, chat_id } : { message_id: null, chat_id: null }
      return { ...row, ...place, gist: gists.get(row.id) ?? null }
    })
  }

  async function list({ limit, cursor }: { limit: number; cursor?: string }): Promise<Page<Memory>> {
    const rows = await mine
      .$if(cursor !== undefined, (query) => query.where('memories.id', '<', cursor as string))
      .orderBy('memories.id', 'desc')
      .limit(limit + 1)
      .execute()
    const { items, next_cursor } = pageOf(rows, limit, 'id')
    return { items: await told(items), next_cursor }
  }

  async function open(id: string): Promise<Memory> {
    const row = isId(id) && (await mine.where('memories.id', '=', id).executeTakeFirst())
    if (!row) throw new NotFound()
    return (await told([row]))[0] as Memory
  }

  /** These, in this order; of exchanges only those of workspaces their reader may still read. */
  async function those(ids: string[]): Promise<Memory[]> {
    if (ids.length === 0) return []
    const rows = await mine
      .where('memories.id', 'in', ids)
      .where((eb) => eb.or([eb('kind', '!=', 'exchange'), eb('memberships.workspace_id', 'is not', null)]))
      .execute()
    const byId = new Map((await told(rows)).map((memory) => [memory.id, memory]))
    return ids.flatMap((id) => byId.get(id) ?? [])
  }

  /** What somebody wants to be remembered, as they wrote it themselves. */
  async function add(text: string, kind: 'fact' | 'preference', now: Date): Promise<Memory> {
    const id = await inTransaction(db, async (tx) => {
      const revision = await nextRevision(tx, user.id)
      if (!(await isOn(user, tx))) throw new MemoryOff()
      return keep(tx, user, { kind, text }, revision, now)
    })
    return open(id)
  }

  async function change(id: string, text: string, now: Date): Promise<Memory> {
    const { workspace_id: _, ...memory } = await open(id)
    await inTransaction(db, async (tx) => {
      const revision = await nextRevision(tx, user.id)
      const own = tx.selectFrom('memories').where('account_id', '=', user.id)
      const { workspace_id } = await own.select('workspace_id').where('id', '=', id).executeTakeFirstOrThrow(gone)
      const same_as = sameAs(tidy(text), workspace_id ?? '')
      const other = await own.select('id').where('same_as', '=', same_as).where('id', '!=', id).executeTakeFirst()
      if (other) throw new Invalid({ fields: { text: 'This is remembered already.' } })
      const changed = { text: tidy(text), same_as, revision, updated_at: now.toISOString() }
      await tx.updateTable('memories').set(changed).where('account_id', '=', user.id).where('id', '=', id).execute()
      await tx.deleteFrom('memory_vectors').where('memory_id', '=', id).execute()
    })
    return open(memory.id)
  }

  function forget(id: string) {
    return inTransaction(db, async (tx) => {
      const revision = await nextRevision(tx, user.id)
      const lost = await tx
        .deleteFrom('memories')
        .where('account_id', '=', user.id)
        .where('id', '=', id)
        .executeTakeFirst()
      if (lost.numDeletedRows === 0n) throw new NotFound()
      await tx.insertInto('removed_memories').values({ account_id: user.id, revision, memory_id: id }).execute()
    })
  }

  const forgetAll = () => inTransaction(db, (tx) => beginAnew(tx, user))

  return { list, open, those, add, change, forget, forgetAll }
}

const gone = () => new NotFound()
