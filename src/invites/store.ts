import type { ExpressionBuilder } from 'kysely'
import { inTransaction } from '../database/open.ts'
import { type Page, pageOf } from '../database/page.ts'
import type { Db, Tables } from '../database/tables.ts'
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
}

type Eb = ExpressionBuilder<Tables, 'invites'>

/** Whether there is a place left, or one that was taken and may still be used to join. */
function stillOpen(eb: Eb) {
  const places = eb.selectFrom('invite_places').whereRef('invite_places.invite_id', '=', 'invites.id')
  const reserved = places.where('joined_at', 'is', null).select('account_id')
  return eb.or([eb('invites.uses', '<', eb.ref('invites.max_uses')), eb.exists(reserved)])
}

/** Invites a person has made that still work; every query below starts from `mine`. */
export function invitesOf(user: Reader, db: Db) {
  const mine = (now: Date) =>
    working(db, now)
      .where('invites.created_by', '=', user.id)
      .where(stillOpen)
      .select(['invites.id', 'workspace_id', 'workspaces.name as workspace_name', 'role', 'email', 'uses', 'max_uses'])
      .select(['invites.created_at', 'invites.expires_at'])

  async function open(id: string, now: Date) {
    const row = await mine(now).where('invites.id', '=', id).executeTakeFirst()
    if (!row) throw new NotFound()
    return row
  }

  async function listOpen({ limit, cursor }: { limit: number; cursor?: string }, now: Date) {
    const rows = await mine(now)
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

  return { listOpen, open, revoke }
}

/**
 * What a code opens, and who offers it. Used, expired, revoked, unknown: there is one answer to all of them. It still
 * works for whoever has taken a place by it; and no longer for whoever joined by it and has left.
 */
export async function findInvite(codeHash: string, db: Db, now: Date, user?: Reader) {
  const found = await working(db, now)
    .innerJoin('accounts', 'accounts.id', 'invites.created_by')
    .leftJoin('invite_places as place', (join) =>
      join.onRef('place.invite_id', '=', 'invites.id').on('place.account_id', '=', user?.id ?? '')
    )
    .leftJoin('memberships as member', (join) =>
      join.onRef('member.workspace_id', '=', 'invites.workspace_id').on('member.account_id', '=', user?.id ?? '')
    )
    .where('code_hash', '=', codeHash)
    .where('accounts.disabled_at', 'is', null)
    .select(['invites.id', 'invites.workspace_id', 'invites.role', 'invites.email', 'invites.uses', 'invites.max_uses'])
    .select(['invites.expires_at', 'place.taken_at', 'place.joined_at', 'member.role as member_role'])
    .select(['workspaces.name as workspace_name', 'accounts.first_name', 'accounts.last_name'])
    .executeTakeFirst()
  if (!found) throw new InviteGone()
  const { uses, max_uses, ...offer } = found
  const place = offer.taken_at ? !offer.joined_at : uses < max_uses
  if (!place && !offer.member_role) throw new InviteGone()
  return offer
}

export type Offer = Awaited<ReturnType<typeof findInvite>>
type Guest = Reader & { email: string }

/** What it offers to somebody, with everybody else kept from it until the transaction ends. */
async function hold(tx: Db, codeHash: string, user: Guest, now: Date): Promise<Offer> {
  await tx
    .updateTable('invites')
    .set((eb) => ({ uses: eb.ref('uses') }))
    .where('code_hash', '=', codeHash)
    .execute()
  const offer = await findInvite(codeHash, tx, now, user)
  if (offer.email && offer.email !== user.email) throw new InviteGone()
  return offer
}

async function notePlace(tx: Db, offer: Offer, user: Reader, joined_at: string | null, now: Date) {
  const place = { invite_id: offer.id, account_id: user.id, taken_at: now.toISOString(), joined_at }
  await tx
    .insertInto('invite_places')
    .values(place)
    .onConflict((conflict) => conflict.columns(['invite_id', 'account_id']).doUpdateSet({ joined_at }))
    .execute()
}

async function takePlace(tx: Db, offer: Offer, user: Reader, joined_at: string | null, now: Date) {
  await notePlace(tx, offer, user, joined_at, now)
  if (offer.taken_at) return
  await tx
    .updateTable('invites')
    .set((eb) => ({ uses: eb('uses', '+', 1) }))
    .where('id', '=', offer.id)
    .execute()
}

/** Keeps a place for a newcomer, who may still decide whether to join. `tx` must be a transaction. */
export async function reserve(tx: Db, codeHash: string, newcomer: Guest, now: Date) {
  await takePlace(tx, await hold(tx, codeHash, newcomer, now), newcomer, null, now)
}

/** Makes somebody a member and uses a place up, both or neither; whoever is a member already uses nothing up. */
export function accept(code: string, user: Guest, db: Db, now: Date) {
  const codeHash = hashToken(code)
  return inTransaction(db, async (tx) => {
    const offer = await hold(tx, codeHash, user, now)
    const { workspace_id, role, member_role } = offer
    const at = now.toISOString()
    if (member_role) {
      // It is theirs from now on, so that it does not bring them back if they are removed one day.
      await notePlace(tx, offer, user, at, now)
      return { workspace_id, role: member_role, joined: false }
    }
    const membership = { id: newId(), workspace_id, account_id: user.id, role, created_at: at }
    const made = await tx
      .insertInto('memberships')
      .values(membership)
      .onConflict((conflict) => conflict.columns(['account_id', 'workspace_id']).doNothing())
      .executeTakeFirst()
    if (made.numInsertedOrUpdatedRows === 0n) throw new InviteGone()
    await takePlace(tx, offer, user, at, now)
    return { workspace_id, role, joined: true }
  })
}

/** The code in what somebody pasted: the code itself, or the whole link around it. */
export function codeIn(pasted: string): string {
  const link = URL.canParse(pasted) ? new URL(pasted) : undefined
  return link?.searchParams.get('code') ?? pasted
}
