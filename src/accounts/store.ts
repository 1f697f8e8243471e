import { randomInt } from 'node:crypto'
import type { Db, Row } from '../database/tables.ts'
import { isTaken } from '../database/taken.ts'
import { EmailTaken, NotFound, UsernameTaken } from '../errors.ts'
import { newId } from '../ids.ts'
import { makeNotebook } from '../memory/notebook.ts'
import { giveOnboardingTasks } from '../tasks/store.ts'
import { makeRoom } from '../workspaces/room.ts'
import type { Profile } from './schema.ts'
import { candidates, usernameFrom } from './username.ts'

export type NewAccount = {
  email: string
  username?: string | undefined
  firstName: string
  lastName: string
  /** None for whoever signs in elsewhere. */
  passwordHash?: string | undefined
  context?: object | undefined
  /** Of the invite they come with, where only the invited may join. */
  inviteHash?: string | undefined
  role?: 'user' | 'admin'
}

export type Account = Row<'accounts'>

export const displayName = (of: Pick<Account, 'first_name' | 'last_name'>) => `${of.first_name} ${of.last_name}`.trim()

/**
 * An account with everything that belongs to one from the start; an administrator is the end of every setup link.
 * `tx` must be a transaction: all of it or nothing.
 */
export async function createAccount(tx: Db, person: NewAccount, now: Date): Promise<Account> {
  const at = now.toISOString()
  const account = await insertAccount(tx, person, at)
  if (account.role === 'admin') await tx.deleteFrom('setup_tokens').execute()
  const context = JSON.stringify(person.context ?? {})
  await tx.insertInto('user_contexts').values({ account_id: account.id, context, updated_at: at }).execute()
  await makeRoom(tx, account, now)
  await makeNotebook(tx, account)
  await giveOnboardingTasks(tx, account, now)
  return account
}

async function insertAccount(tx: Db, person: NewAccount, at: string): Promise<Account> {
  const { email, username: wish } = person
  if (await emailTaken(tx, email)) throw new EmailTaken({ fields: { email: 'This email is already registered.' } })

  for (const username of wish ? [wish] : candidates(usernameFrom(email), () => randomInt(1e9) / 1e9)) {
    const account = await tx
      .insertInto('accounts')
      .values({
        id: newId(),
        email,
        username,
        first_name: person.firstName,
        last_name: person.lastName,
        password_hash: person.passwordHash ?? null,
        role: person.role ?? 'user',
        disabled_at: null,
        created_at: at,
        updated_at: at
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
    if (account) return account
    if (await emailTaken(tx, email)) throw new EmailTaken({ fields: { email: 'This email is already registered.' } })
  }
  throw new UsernameTaken({ fields: { username: 'This username is taken.' } })
}

export async function emailTaken(db: Db, email: string): Promise<boolean> {
  return Boolean(await db.selectFrom('accounts').select('id').where('email', '=', email).executeTakeFirst())
}

/** The account behind what was typed at sign-in: an email or a username. */
export function accountByLogin(db: Db, login: string): Promise<Account | undefined> {
  const typed = login.trim().toLowerCase()
  const column = typed.includes('@') ? 'email' : 'username'
  return db.selectFrom('accounts').selectAll().where(column, '=', typed).executeTakeFirst()
}

/** A person's own account with all that is kept of it. */
export async function accountOf(user: { id: string }, db: Db): Promise<Account> {
  const row = await db.selectFrom('accounts').selectAll().where('id', '=', user.id).executeTakeFirst()
  if (!row) throw new NotFound()
  return row
}

export async function storeHash(db: Db, account: string, password_hash: string, now: Date) {
  await db
    .updateTable('accounts')
    .set({ password_hash, updated_at: now.toISOString() })
    .where('id', '=', account)
    .execute()
}

/** Keeps an account from everybody else until the transaction ends; false if its password is no longer this one. */
export async function holdWithPassword(tx: Db, { id, password_hash }: Account, now: Date): Promise<boolean> {
  const held = await tx
    .updateTable('accounts')
    .set({ updated_at: now.toISOString() })
    .where('id', '=', id)
    .where('password_hash', password_hash === null ? 'is' : '=', password_hash)
    .executeTakeFirst()
  return held.numUpdatedRows > 0n
}

/** Gives a person other names; what is left out stays. */
export async function rename(db: Db, user: { id: string }, names: Partial<Profile>, now: Date) {
  const { firstName: first_name, lastName: last_name, username } = names
  const given = Object.entries({ first_name, last_name, username }).filter(([, name]) => name !== undefined)
  await db
    .updateTable('accounts')
    .set({ ...Object.fromEntries(given), updated_at: now.toISOString() })
    .where('id', '=', user.id)
    .execute()
    .catch((error) => {
      throw isTaken(error) ? new UsernameTaken({ fields: { username: 'This username is taken.' } }) : error
    })
}

/** Whether Carrel has any account yet; the first start without one prints the setup link. */
export async function anyAccount(db: Db): Promise<boolean> {
  return Boolean(await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst())
}

/** A person's own account as the API tells it to them. */
export async function profileOf(user: { id: string }, db: Db) {
  const row = await db
    .selectFrom('accounts')
    .innerJoin('user_contexts', 'user_contexts.account_id', 'accounts.id')
    .leftJoin('workspaces', 'workspaces.room_of', 'accounts.id')
    .where('accounts.id', '=', user.id)
    .select(['accounts.id', 'email', 'username', 'first_name', 'last_name', 'role', 'accounts.created_at', 'context'])
    .select(['workspaces.id as room_id', 'workspaces.name as room_name'])
    .executeTakeFirst()
  if (!row) throw new NotFound()
  return {
    id: row.id,
    email: row.email,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    displayName: displayName(row),
    role: row.role,
    room: row.room_id ? { roomId: row.room_id, name: row.room_name as string } : null,
    context: JSON.parse(row.context) as object,
    created_at: row.created_at
  }
}

export type FullProfile = Awaited<ReturnType<typeof profileOf>>

/** Nobody else adds anything for this person until the end of `tx`, or two at once might both find the last room. */
export const holdAccount = ({ id }: { id: string }, tx: Db) =>
  tx
    .updateTable('accounts')
    .set((eb) => ({ first_name: eb.ref('first_name') }))
    .where('id', '=', id)
    .execute()
