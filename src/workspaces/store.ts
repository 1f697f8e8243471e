import { randomBytes } from 'node:crypto'
import { inTransaction } from '../database/open.ts'
import { type Page, pageOf } from '../database/page.ts'
import { prepared } from '../database/prepared.ts'
import type { Db, Role, Row } from '../database/tables.ts'
import { Forbidden, NotFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { isId } from '../shapes.ts'
import { tickOff } from '../tasks/store.ts'
import type { Reader } from '../viewer.ts'

declare const opened: unique symbol

/** A workspace that was opened for somebody, in the role they have there. Nothing else makes one. */
export type Workspace = Pick<Row<'workspaces'>, 'id' | 'name' | 'description' | 'created_at' | 'updated_at'> & {
  role: Role
  is_room: boolean
  readonly [opened]: 'to read' | 'to add' | 'to own'
}
/** One its editors and its owner may add to. */
export type EditableWorkspace = Workspace & { role: 'owner' | 'editor'; readonly [opened]: 'to add' | 'to own' }
/** One that belongs to whoever opened it. */
export type OwnWorkspace = Workspace & { role: 'owner'; readonly [opened]: 'to own' }

type Found = Omit<Workspace, typeof opened>

function ofMember(db: Db, account: string) {
  return db
    .selectFrom('memberships')
    .innerJoin('workspaces', 'workspaces.id', 'memberships.workspace_id')
    .where('memberships.account_id', '=', account)
    .select(['workspaces.id', 'name', 'description', 'workspaces.created_at', 'updated_at', 'role', 'room_of'])
}

type Listed = Omit<Found, 'is_room'> & { room_of: string | null }
type ListValues = { account: string; before: string; limit: number }

const newestFirst = prepared<ListValues, Listed>(
  (db, value) =>
    ofMember(db, value('account'))
      .where('memberships.workspace_id', '<', value('before'))
      .orderBy('memberships.workspace_id', 'desc')
      .limit(value('limit')) as never
)

const beyondEveryId = 'g'

const toFound = ({ id, name, description, created_at, updated_at, role, room_of }: Listed): Found => ({
  id,
  name,
  description,
  created_at,
  updated_at,
  role,
  is_room: room_of !== null
})

/** Workspaces of one person; every query below starts from their own memberships. */
export function workspacesOf(user: Reader, db: Db) {
  const { within } = user
  const mine = () =>
    within ? ofMember(db, user.id).where('memberships.workspace_id', '=', within) : ofMember(db, user.id)

  async function list({ limit, cursor }: { limit: number; cursor?: string }): Promise<Page<Found>> {
    const before = cursor ?? beyondEveryId
    const rows = within
      ? await mine().where('memberships.workspace_id', '<', before).execute()
      : await newestFirst(db, { account: user.id, before, limit: limit + 1 })
    return pageOf(rows.map(toFound), limit, 'id')
  }

  async function open(id: string): Promise<Workspace> {
    const row = isId(id) && (await mine().where('memberships.workspace_id', '=', id).executeTakeFirst())
    if (!row) throw new NotFound()
    return toFound(row) as Workspace
  }

  /** For adding to it: an editor may, a viewer is told that they may not. */
  async function edit(id: string): Promise<EditableWorkspace> {
    const workspace = await open(id)
    if (workspace.role === 'viewer') throw new Forbidden({ message: 'You can read here, but not add or change.' })
    return workspace as EditableWorkspace
  }

  /** For what the owner alone may do. */
  async function own(id: string): Promise<OwnWorkspace> {
    const workspace = await open(id)
    if (workspace.role !== 'owner') throw new Forbidden({ message: 'Only the owner of this workspace may do this.' })
    return workspace as OwnWorkspace
  }

  /** Those one may invite others to, the room first. */
  async function listOwn(limit: number): Promise<Found[]> {
    const rows = await mine()
      .where('role', '=', 'owner')
      .orderBy((eb) => eb.case().when('room_of', 'is', null).then(1).else(0).end())
      .orderBy('memberships.workspace_id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(toFound)
  }

  function create(named: { name: string; description?: string | undefined }, now: Date): Promise<Workspace> {
    return inTransaction(db, async (tx) => {
      const id = newId()
      await insertWorkspace(
        tx,
        user,
        { id, room_of: null, name: named.name, description: named.description ?? '' },
        now
      )
      await tickOff(tx, user, 'make-workspace', now)
      return workspacesOf(user, tx).open(id)
    })
  }

  return { list, listOwn, open, edit, own, create }
}

const newIndexName = () => randomBytes(16).toString('hex')

type NewWorkspace = Pick<Row<'workspaces'>, 'id' | 'name' | 'description' | 'room_of'>

/** A workspace and its owner; `tx` must be a transaction. */
export async function insertWorkspace(tx: Db, owner: { id: string }, workspace: NewWorkspace, now: Date) {
  const at = now.toISOString()
  await tx
    .insertInto('workspaces')
    .values({ ...workspace, index_name: newIndexName(), created_at: at, updated_at: at })
    .execute()
  await tx
    .insertInto('memberships')
    .values({ id: newId(), workspace_id: workspace.id, account_id: owner.id, role: 'owner', created_at: at })
    .execute()
}

export async function changeWorkspace(
  { id }: OwnWorkspace,
  change: { name?: string | undefined; description?: string | undefined },
  db: Db,
  now: Date
) {
  const set = { ...change, updated_at: now.toISOString() }
  await db.updateTable('workspaces').set(set).where('id', '=', id).execute()
}
