import { type Page, pageOf } from '../database/page.ts'
import { prepared } from '../database/prepared.ts'
import type { Db, Row } from '../database/tables.ts'
import { NotFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { onboarding, type TaskKind, taskKinds } from './onboarding.ts'

type Reader = { id: string }
export type TaskStatus = 'open' | 'done' | 'dismissed'
type Kept = Pick<Row<'tasks'>, 'id' | 'kind' | 'done_at' | 'dismissed_at' | 'created_at'>
export type Task = ReturnType<typeof inWords>

function ofReader(db: Db, account: string) {
  return db
    .selectFrom('tasks')
    .where('account_id', '=', account)
    .select(['id', 'kind', 'done_at', 'dismissed_at', 'created_at'])
}

const openOnes = prepared<{ account: string; limit: number }, Kept>(
  (db, value) =>
    ofReader(db, value('account'))
      .where('done_at', 'is', null)
      .where('dismissed_at', 'is', null)
      .orderBy('id')
      .limit(value('limit')) as never
)

function inWords({ id, kind, done_at, dismissed_at, created_at }: Kept) {
  const status: TaskStatus = done_at ? 'done' : dismissed_at ? 'dismissed' : 'open'
  const words = onboarding[kind as TaskKind]
  return { id, kind: kind as TaskKind, status, ...words, created_at }
}

/** Tasks of one person; every query below starts from `mine`. */
export function tasksOf(user: Reader, db: Db) {
  const mine = () => ofReader(db, user.id)

  async function listOpen(limit = 10): Promise<Task[]> {
    return (await openOnes(db, { account: user.id, limit })).map(inWords)
  }

  async function list({ limit, cursor }: { limit: number; cursor?: string }): Promise<Page<Task>> {
    const rows = await mine()
      .$if(cursor !== undefined, (query) => query.where('id', '<', cursor as string))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows.map(inWords), limit, 'id')
  }

  async function open(id: string): Promise<Task> {
    const row = await mine().where('id', '=', id).executeTakeFirst()
    if (!row) throw new NotFound()
    return inWords(row)
  }

  async function mark(id: string, status: TaskStatus, now: Date): Promise<Task> {
    const at = now.toISOString()
    const row = await db
      .updateTable('tasks')
      .set({ done_at: status === 'done' ? at : null, dismissed_at: status === 'dismissed' ? at : null })
      .where('account_id', '=', user.id)
      .where('id', '=', id)
      .returning(['id', 'kind', 'done_at', 'dismissed_at', 'created_at'])
      .executeTakeFirst()
    if (!row) throw new NotFound()
    return inWords(row)
  }

  async function remove(id: string) {
    const gone = await db.deleteFrom('tasks').where('account_id', '=', user.id).where('id', '=', id).executeTakeFirst()
    if (gone.numDeletedRows === 0n) throw new NotFound()
  }

  return { listOpen, list, open, mark, remove }
}

export async function giveOnboardingTasks(tx: Db, account: Reader, now: Date) {
  const created_at = now.toISOString()
  const open = { account_id: account.id, done_at: null, dismissed_at: null, created_at }
  await tx
    .insertInto('tasks')
    .values(taskKinds.map((kind) => ({ ...open, id: newId(), kind })))
    .execute()
}

/** Ticks a task off because what it asks for has happened; does nothing when it is off already. */
export async function tickOff(db: Db, user: Reader, kind: TaskKind, now: Date) {
  await db
    .updateTable('tasks')
    .set({ done_at: now.toISOString() })
    .where('account_id', '=', user.id)
    .where('kind', '=', kind)
    .where('done_at', 'is', null)
    .execute()
}
