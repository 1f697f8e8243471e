import { holdAccount } from '../accounts/store.ts'
import { inTransaction } from '../database/open.ts'
import { newestOf, type Page, type Wanted } from '../database/page.ts'
import { prepared } from '../database/prepared.ts'
import type { Db, Row } from '../database/tables.ts'
import { Full, NotFound } from '../errors.ts'
import { newId, newToken } from '../ids.ts'
import type { Scope } from '../scopes.ts'
import { isId } from '../shapes.ts'
import type { Program } from '../viewer.ts'
import type { EditableWorkspace } from '../workspaces/store.ts'
import type { InstancePasswords } from './password.ts'
import type { InstanceChange, InstanceTags } from './schema.ts'

const mostInstances = 100
const scopes: Scope[] = ['read', 'write']

type Found = Omit<Program, 'scopes'> & { password_hash: string }

const byId = prepared<{ id: string }, Found>(
  (db, value) =>
    db
      .selectFrom('instances')
      .innerJoin('accounts', 'accounts.id', 'instances.account_id')
      .where('instances.id', '=', value('id'))
      .where('instances.disabled_at', 'is', null)
      .where('accounts.disabled_at', 'is', null)
      .select(['accounts.id', 'accounts.email', 'username', 'first_name', 'last_name', 'role'])
      .select(['instances.id as program_id', 'instances.id as instance_id', 'workspace_id as within'])
      .select(['last_used_at', 'instances.password_hash'])
      .select((eb) => eb.lit(null).as('session_id')) as never
)

/** The program of this id, if this is its password; it acts for whoever registered it, in its workspace. */
export async function findByPassword(
  db: Db,
  { id, password }: { id: string; password: string },
  passwords: InstancePasswords
): Promise<Program | undefined> {
  const [found] = isId(id) ? await byId(db, { id }) : []
  if (!found || !passwords.matches(password, found.password_hash)) return undefined
  const { password_hash, ...program } = found
  const current = passwords.hash(password)
  // It was hashed under an older secret, which may be taken away once every program has come by.
  if (current !== password_hash) {
    const same = db.updateTable('instances').where('id', '=', id).where('password_hash', '=', password_hash)
    await same.set({ password_hash: current }).execute()
  }
  return { ...program, scopes }
}

const shown = [
  'instances.id',
  'instances.workspace_id',
  'workspaces.name as workspace_name',
  'instances.name as upload_name',
  'email',
  'instances.description',
  'tags',
  'disabled_at',
  'instances.created_at',
  'last_used_at',
  'last_used_address'
] as const

type Shown = Pick<
  Row<'instances'>,
  'id' | 'workspace_id' | 'email' | 'description' | 'disabled_at' | 'created_at' | 'last_used_at' | 'last_used_address'
> & { upload_name: string; workspace_name: string | null }
export type Instance = Shown & { tags: InstanceTags }
type Wish = { upload_name: string; email?: string | undefined; description?: string | undefined; tags: InstanceTags }

const toInstance = ({ tags, ...row }: Shown & { tags: string }): Instance => ({ ...row, tags: JSON.parse(tags) })

/** Programs that one person has registered, in workspaces they may have left; every query below starts from `mine`. */
export function instancesOf(user: { id: string }, db: Db) {
  const mine = db
    .selectFrom('instances')
    .leftJoin('memberships', (join) =>
      join.onRef('memberships.workspace_id', '=', 'instances.workspace_id').on('memberships.account_id', '=', user.id)
    )
    .leftJoin('workspaces', 'workspaces.id', 'memberships.workspace_id')
    .where('instances.account_id', '=', user.id)
    .select(shown)
  const change = (id: string) => db.updateTable('instances').where('account_id', '=', user.id).where('id', '=', id)

  async function list(wanted: Wanted): Promise<Page<Instance>> {
    const { items, next_cursor } = await newestOf(mine, 'instances', wanted)
    return { items: items.map(toInstance), next_cursor }
  }

  async function open(id: string): Promise<Instance> {
    const row = isId(id) && (await mine.where('instances.id', '=', id).executeTakeFirst())
    if (!row) throw new NotFound()
    return toInstance(row)
  }

  async function isFull(tx: Db): Promise<boolean> {
    const { kept } = await tx
      .selectFrom('instances')
      .where('account_id', '=', user.id)
      .select((eb) => eb.fn.countAll<number>().as('kept'))
      .executeTakeFirstOrThrow()
    return Number(kept) >= mostInstances
  }

  /** A new program with its password, which is told this once. */
  async function register(workspace: EditableWorkspace, wish: Wish, passwords: InstancePasswords, now: Date) {
    const id = newId()
    const password = newToken()
    await inTransaction(db, async (tx) => {
      await holdAccount(user, tx)
      if (await isFull(tx))
        throw new Full({ message: `You have ${mostInstances} programs registered. Delete one first.` })
      await tx
        .insertInto('instances')
        .values({
          ...{ id, account_id: user.id, workspace_id: workspace.id, name: wish.upload_name, email: wish.email ?? null },
          ...{ description: wish.description ?? '', tags: JSON.stringify(wish.tags) },
          ...{ password_hash: passwords.hash(password), created_at: now.toISOString() },
          ...{ disabled_at: null, last_used_at: null, last_used_address: null }
        })
        .execute()
    })
    return { instance_id: id, instance_password: password }
  }

  async function alter(id: string, { upload_name, tags, disabled, ...plain }: InstanceChange, now: Date) {
    const { disabled_at } = await open(id)
    await change(id)
      .set({
        ...plain,
        ...(upload_name !== undefined && { name: upload_name }),
        ...(tags !== undefined && { tags: JSON.stringify(tags) }),
        ...(disabled !== undefined && { disabled_at: disabled ? (disabled_at ?? now.toISOString()) : null })
      })
      .execute()
    return open(id)
  }

  /** Another password in place of the one it has, which ends at once. */
  async function rotate(id: string, passwords: InstancePasswords): Promise<string> {
    const password = newToken()
    const { numUpdatedRows } = await change(id)
      .set({ password_hash: passwords.hash(password) })
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw new NotFound()
    return password
  }

  async function remove(id: string) {
    const gone = await db
      .deleteFrom('instances')
      .where('account_id', '=', user.id)
      .where('id', '=', id)
      .executeTakeFirst()
    if (gone.numDeletedRows === 0n) throw new NotFound()
  }

  return { list, open, register, alter, rotate, remove }
}
