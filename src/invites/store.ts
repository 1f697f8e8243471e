import { inTransaction } from '../database/open.ts'
import { type Page, pageOf } from '../database/page.ts'
import type { Db } from '../database/tables.ts'
import { InviteGone, NotFound } from '../errors.ts'
import { hashToken, newId, newToken } from '../ids.ts'
import { tickOff } from '../tasks/store.ts'
import type { OwnWorkspace } from '../workspaces/store.ts'

const validFor = 7 * 24 * 3600 * 1000

type Reader = { id: string }
export type Invitation = { role: 'editor' | 'viewer'; email?: string | undefined; uses?: number | undefined }

/** Makes a link into a workspace. The code is told here once and only its hash is kept. */
export async function invite(workspace: OwnWorkspace, by: Reader, invitation: Invitation, db: Db, now: Date) {
  const code = newToken()
  const row = {
    id: newId(),
    workspace_id: workspace.id,
    created_by: by.id,
    role: invitation.role,
    email: invitation.email ?? null,
    code_hash: hashToken(code),
    uses: 0,
    max_uses: invitation.uses ?? 1,
    created_at: now.toISOString(),
    expires_at: new Date(now.getTime() + validFor).toISOString(),
    revoked_at: null
  }
  await inTransaction(db, async (tx) => {
    await tx.insertInto('invites').values(row).execute()
    await tickOff(tx, by, 'invite-someone', now)
  })
  return { id: row.id, code, role: row.role, expires_at: row.expires_at }
}

function working(db: Db, now: Date) {
  return db
    .selectFrom('invites')
    .innerJoin('workspaces', 'workspaces.id', 'invites.workspace_id')
    .where('invites.revoked_at', 'is', null)
    .where('invites.expires_at', '>', now.toISOString())
    .whereRef('invites.uses', '<', 'invites.max_uses')
}

/** Invites a person has made that still work; every query below starts from `mine`. */
export function invitesOf(user: Reader, db: Db) {
  async function listOpen({ limit, cursor }: { limit: number; cursor?: string }, now: Date) {
    const mine = working(db, now).where('invites.created_by', '=', user.id)
    const rows = await mine
      .select(['invites.id', 'workspace_id', 'workspaces.name as workspace_name', 'role', 'email', 'uses', 'max_uses'])
      .select(['invites.created_at', 'invites.expires_at'])
      .$if(cursor !== undefined, (query) => query.where('invites.id', '<', cursor as string))
      .orderBy('invites.id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, 'id') satisfies Page<(typeof rows)[number]>
  }

  async function revoke(id: string, now: Date) {
    const revoked = await db
      .updateTable('invites')
      .set({ revoked_at: now.toISOString() })
      .where('created_by', '=', user.id)
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    if (revoked.numUpdatedRows === 0n) throw new NotFound()
  }

  return { listOpen, revoke }
}

/** What a working code opens, and who offers it. Used, expired, revoked, unknown: there is one answer to all of them. */
export async function findInvite(code: string, db: Db, now: Date) {
  const found = await working(db, now)
    .innerJoin('accounts', 'accounts.id', 'invites.created_by')
    .where('code_hash', '=', hashToken(code))
    .where('accounts.disabled_at', 'is', null)
    .select(['invites.id', 'invites.workspace_id', 'invites.role', 'invites.email', 'invites.expires_at'])
    .select(['workspaces.name as workspace_name', 'accounts.first_name', 'accounts.last_name'])
    .executeTakeFirst()
  if (!found) throw new InviteGone()
  return found
}

/** Makes somebody a member and uses the invite up, both or neither; whoever is a member already uses nothing up. */
export function accept(code: string, user: Reader & { email: string }, db: Db, now: Date) {
  return inTransaction(db, async (tx) => {
    const { id, workspace_id, role, email } = await findInvite(code, tx, now)
    if (email && email !== user.email) throw new InviteGone()

    const joined = await tx
      .insertInto('memberships')
      .values({ id: newId(), workspace_id, account_id: user.id, role, created_at: now.toISOString() })
      .onConflict((conflict) => conflict.columns(['account_id', 'workspace_id']).doNothing())
      .executeTakeFirst()
    if (joined.numInsertedOrUpdatedRows === 0n) {
      const here = tx.selectFrom('memberships').where('workspace_id', '=', workspace_id)
      const member = await here.select('role').where('account_id', '=', user.id).executeTakeFirstOrThrow()
      return { workspace_id, role: member.role, joined: false }
    }

    const used = await tx
      .updateTable('invites')
      .set((eb) => ({ uses: eb('uses', '+', 1) }))
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .whereRef('uses', '<', 'max_uses')
      .executeTakeFirst()
    if (used.numUpdatedRows === 0n) throw new InviteGone()
    return { workspace_id, role, joined: true }
  })
}

/** The code in what somebody pasted: the code itself, or the whole link around it. */
export function codeIn(pasted: string): string {
  const link = URL.canParse(pasted) ? new URL(pasted) : undefined
  return link?.searchParams.get('code') ?? pasted
}
