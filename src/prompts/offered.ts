import { prepared } from '../database/prepared.ts'
import type { Db, Row } from '../database/tables.ts'
import type { Workspace } from '../workspaces/store.ts'

type Offered = Pick<Row<'prompts'>, 'id' | 'title'>

const mostOffered = 20

/** Somebody's own prompts for this workspace: those for every one, those for it, and those for one they have left. */
export function promptsFor(db: Db, account: string, workspace: string) {
  return db
    .selectFrom('prompts')
    .leftJoin('memberships', (join) =>
      join
        .onRef('memberships.workspace_id', '=', 'prompts.workspace_id')
        .onRef('memberships.account_id', '=', 'prompts.account_id')
    )
    .where('prompts.account_id', '=', account)
    .where((eb) => eb.or([eb('memberships.workspace_id', 'is', null), eb('memberships.workspace_id', '=', workspace)]))
}

const newestFor = prepared<{ account: string; workspace: string; limit: number }, Offered>(
  (db, value) =>
    promptsFor(db, value('account'), value('workspace'))
      .select(['prompts.id', 'title'])
      .orderBy('prompts.id', 'desc')
      .limit(value('limit')) as never
)

/** What stands beside the box for a question: the newest prompts; and in the box the one that was chosen, if it is theirs. */
export async function offeredPrompts(user: { id: string }, { id }: Workspace, chosen: string | undefined, db: Db) {
  const prompts = await newestFor(db, { account: user.id, workspace: id, limit: mostOffered })
  if (chosen === undefined) return { prompts }
  const found = await promptsFor(db, user.id, id).where('prompts.id', '=', chosen).select('text').executeTakeFirst()
  return { prompts, filled: found?.text }
}
