import { holdAccount } from '../accounts/store.ts'
import { inTransaction } from '../database/open.ts'
import { newestOf, type Page, type Wanted } from '../database/page.ts'
import type { Db, Row } from '../database/tables.ts'
import { Full, NotFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { isId } from '../shapes.ts'
import type { Reader } from '../viewer.ts'
import { workspacesOf } from '../workspaces/store.ts'
import type { NewPrompt, PromptChange } from './schema.ts'

const mostPrompts = 500

export type Prompt = Pick<Row<'prompts'>, 'id' | 'workspace_id' | 'title' | 'text' | 'created_at' | 'updated_at'> & {
  workspace_name: string | null
}

/** Prompts of one person; every query below starts from `mine`. A workspace they have left counts as none. */
export function promptsOf(user: Reader, db: Db) {
  const mine = db
    .selectFrom('prompts')
    .leftJoin('memberships', (join) =>
      join
        .onRef('memberships.workspace_id', '=', 'prompts.workspace_id')
        .onRef('memberships.account_id', '=', 'prompts.account_id')
    )
    .leftJoin('workspaces', 'workspaces.id', 'memberships.workspace_id')
    .where('prompts.account_id', '=', user.id)
    .select(['prompts.id', 'memberships.workspace_id', 'workspaces.name as workspace_name', 'title', 'text'])
    .select(['prompts.created_at', 'prompts.updated_at'])

  const list = (wanted: Wanted): Promise<Page<Prompt>> => newestOf(mine, 'prompts', wanted)

  async function open(id: string): Promise<Prompt> {
    const prompt = isId(id) && (await mine.where('prompts.id', '=', id).executeTakeFirst())
    if (!prompt) throw new NotFound()
    return prompt
  }

  /** A workspace of theirs, if it is to be offered in one alone. */
  const placeOf = async (id: string | null | undefined) => (id ? (await workspacesOf(user, db).open(id)).id : null)

  async function isFull(tx: Db): Promise<boolean> {
    const { kept } = await tx
      .selectFrom('prompts')
      .where('account_id', '=', user.id)
      .select((eb) => eb.fn.countAll<number>().as('kept'))
      .executeTakeFirstOrThrow()
    return Number(kept) >= mostPrompts
  }

  async function keep({ title, text, workspace_id }: NewPrompt, now: Date): Promise<Prompt> {
    const [id, at] = [newId(), now.toISOString()]
    const place = await placeOf(workspace_id)
    await inTransaction(db, async (tx) => {
      await holdAccount(user, tx)
      if (await isFull(tx)) throw new Full({ message: `You have ${mostPrompts} prompts. Delete one first.` })
      await tx
        .insertInto('prompts')
        .values({ id, account_id: user.id, workspace_id: place, title, text, created_at: at, updated_at: at })
        .execute()
    })
    return open(id)
  }

  async function change(id: string, { workspace_id, ...change }: PromptChange, now: Date): Promise<Prompt> {
    await open(id)
    const place = workspace_id === undefined ? {} : { workspace_id: await placeOf(workspace_id) }
    await db
      .updateTable('prompts')
      .set({ ...change, ...place, updated_at: now.toISOString() })
      .where('account_id', '=', user.id)
      .where('id', '=', id)
      .execute()
    return open(id)
  }

  async function remove(id: string) {
    const mine = db.deleteFrom('prompts').where('account_id', '=', user.id)
    const gone = await mine.where('id', '=', id).executeTakeFirst()
    if (gone.numDeletedRows === 0n) throw new NotFound()
  }

  return { list, open, keep, change, remove }
}
