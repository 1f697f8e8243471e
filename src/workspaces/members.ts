import { type Page, pageOf } from '../database/page.ts'
import type { Db, Role } from '../database/tables.ts'
import { NotFound, OwnerStays } from '../errors.ts'
import type { OwnWorkspace, Workspace } from './store.ts'

export type Member = { account_id: string; username: string; display_name: string; role: Role; joined_at: string }

/** Who may be in a workspace; every query below starts from `here`. */
export function membersOf(workspace: Workspace, db: Db) {
  const here = db.selectFrom('memberships').where('workspace_id', '=', workspace.id)

  async function list({ limit, cursor }: { limit: number; cursor?: string }): Promise<Page<Member>> {
    const behind = cursor && (await here.select('id').where('account_id', '=', cursor).executeTakeFirst())?.id
    const rows = await here
      .innerJoin('accounts', 'accounts.id', 'memberships.account_id')
      .select(['account_id', 'username', 'first_name', 'last_name', 'memberships.role'])
      .select('memberships.created_at as joined_at')
      .$if(cursor !== undefined, (query) => query.where('memberships.id', '<', behind ?? ''))
      .orderBy('memberships.id', 'desc')
      .limit(limit + 1)
      .execute()
    const members = rows.map(({ first_name, last_name, ...row }) => ({
      ...row,
      display_name: `${first_name} ${last_name}`.trim()
    }))
    return pageOf(members, limit, 'account_id')
  }

  async function leave(user: { id: string }) {
    if (workspace.role === 'owner') throw new OwnerStays()
    await removeMembership(workspace, user.id, db)
  }

  return { list, leave }
}

/** What the owner alone may do with the others. */
export function managedMembersOf(workspace: OwnWorkspace, db: Db) {
  async function setRole(account: string, role: 'editor' | 'viewer') {
    const member = await other(account)
    const changed = await db
      .updateTable('memberships')
      .set({ role })
      .where('id', '=', member)
      .where('role', '!=', 'owner')
      .executeTakeFirst()
    if (changed.numUpdatedRows === 0n) throw new NotFound()
  }

  async function remove(account: string) {
    await other(account)
    await removeMembership(workspace, account, db)
  }

  async function other(account: string): Promise<string> {
    const here = db.selectFrom('memberships').where('workspace_id', '=', workspace.id)
    const member = await here.select(['id', 'role']).where('account_id', '=', account).executeTakeFirst()
    if (!member) throw new NotFound()
    if (member.role === 'owner') throw new OwnerStays()
    return member.id
  }

  return { setRole, remove }
}

async function removeMembership({ id }: Workspace, account: string, db: Db) {
  const gone = await db
    .deleteFrom('memberships')
    .where('workspace_id', '=', id)
    .where('account_id', '=', account)
    .where('role', '!=', 'owner')
    .executeTakeFirst()
  if (gone.numDeletedRows === 0n) throw new NotFound()
}
