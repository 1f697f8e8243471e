import { holdAccount } from '../accounts/store.ts'
import { inTransaction } from '../database/open.ts'
import { newestOf, type Page, type Wanted } from '../database/page.ts'
import { prepared } from '../database/prepared.ts'
import type { Db, Row } from '../database/tables.ts'
import { Full, NotFound } from '../errors.ts'
import { hashToken, newId } from '../ids.ts'
import type { Scope } from '../scopes.ts'
import { isId } from '../shapes.ts'
import type { Program } from '../viewer.ts'
import type { Workspace } from '../workspaces/store.ts'
import { newKey } from './key.ts'

/** More than anybody keeps apart. */
const mostKeys = 100

type Found = Omit<Program, 'scopes'> & { scopes: string }

const byHash = prepared<{ hash: string; now: string }, Found>(
  (db, value) =>
    db
      .selectFrom('api_keys')
      .innerJoin('accounts', 'accounts.id', 'api_keys.account_id')
      .where('key_hash', '=', value('hash'))
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', value('now'))]))
      .where('disabled_at', 'is', null)
      .select(['accounts.id', 'email', 'username', 'first_name', 'last_name', 'role'])
      .select(['api_keys.id as program_id', 'scopes', 'workspace_id as within', 'last_used_at'])
      .select((eb) => [eb.lit(null).as('session_id'), eb.lit(null).as('instance_id')]) as never
)

const scopesIn = (kept: string) => kept.split(' ') as Scope[]

/** Whose key this is, and what it is for; nobody's if it has expired or was revoked. */
export async function findByKey(db: Db, key: string, now: Date): Promise<Program | undefined> {
  const [found] = await byHash(db, { hash: hashToken(key), now: now.toISOString() })
  return found && { ...found, scopes: scopesIn(found.scopes) }
}

const shown = [
  'id',
  'name',
  'last_four',
  'scopes',
  'workspace_id',
  'created_at',
  'expires_at',
  'last_used_at',
  'last_used_address'
] as const

export type Key = Omit<Pick<Row<'api_keys'>, (typeof shown)[number]>, 'scopes'> & { scopes: Scope[] }
type Wish = { name: string; scopes: Scope[]; workspace?: Workspace | undefined; expires_at?: string | null | undefined }

const toKey = ({ scopes, ...row }: Pick<Row<'api_keys'>, (typeof shown)[number]>): Key => ({
  ...row,
  scopes: scopesIn(scopes)
})

/** Keys of one person; every query below starts from `mine`. */
export function keysOf(user: { id: string }, db: Db) {
  const mine = db.selectFrom('api_keys').where('account_id', '=', user.id)

  async function list(wanted: Wanted): Promise<Page<Key>> {
    const { items, next_cursor } = await newestOf(mine.select(shown), 'api_keys', wanted)
    return { items: items.map(toKey), next_cursor }
  }

  async function open(id: string): Promise<Key> {
    const row = isId(id) && (await mine.select(shown).where('id', '=', id).executeTakeFirst())
    if (!row) throw new NotFound()
    return toKey(row)
  }

  /** A new key, which is told this once. */
  async function make({ name, scopes, workspace, expires_at }: Wish, now: Date): Promise<Key & { key: string }> {
    const key = newKey()
    const row = {
      ...{ id: newId(), name, last_four: key.slice(-4), scopes: [...new Set(scopes)].join(' ') },
      ...{ workspace_id: workspace?.id ?? null, created_at: now.toISOString(), expires_at: expires_at ?? null },
      ...{ last_used_at: null, last_used_address: null }
    }
    await inTransaction(db, async (tx) => {
      await holdAccount(user, tx)
      const { kept } = await tx
        .selectFrom('api_keys')
        .where('account_id', '=', user.id)
        .select((eb) => eb.fn.countAll<number>().as('kept'))
        .executeTakeFirstOrThrow()
      if (Number(kept) >= mostKeys) throw new Full({ message: `You have ${mostKeys} keys. Revoke one first.` })
      await tx
        .insertInto('api_keys')
        .values({ ...row, account_id: user.id, key_hash: hashToken(key) })
        .execute()
    })
    return { ...toKey(row), key }
  }

  async function rename(id: string, name: string): Promise<Key> {
    await db.updateTable('api_keys').set({ name }).where('account_id', '=', user.id).where('id', '=', id).execute()
    return open(id)
  }

  async function revoke(id: string) {
    const gone = await db
      .deleteFrom('api_keys')
      .where('account_id', '=', user.id)
      .where('id', '=', id)
      .executeTakeFirst()
    if (gone.numDeletedRows === 0n) throw new NotFound()
  }

  return { list, open, make, rename, revoke }
}
