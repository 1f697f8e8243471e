import type { FastifyRequest } from 'fastify'
import { inTransaction } from '../database/open.ts'
import { Invalid, WrongCredentials } from '../errors.ts'
import { networkOf } from '../plugins/address.ts'
import type { App } from '../plugins/app-type.ts'
import { refuseStale } from '../sessions/fresh.ts'
import { prove } from '../sessions/sign-in.ts'
import { sessionsOf } from '../sessions/store.ts'
import { passwordProblem } from './password.ts'
import type { PasswordChange, Profile } from './schema.ts'
import { type Account, accountOf, holdWithPassword, rename, storeHash } from './store.ts'

const notYours = () => new Invalid({ fields: { current_password: 'This is not your password.' } })

/** Changes what a person is called, by page or by API, and writes down which of it. */
export async function changeProfile(app: App, request: FastifyRequest, change: Partial<Profile>) {
  await rename(app.db, request.user, change, app.now())
  await request.audit('user.profile_changed', { detail: { fields: Object.keys(change).join(' ') } })
}

/**
 * That it is the owner who sits there: by the password, which is tried and counted like any sign-in; where there is
 * none yet, by having signed in a short while ago.
 */
async function proveOwner(app: App, request: FastifyRequest, account: Account, given: string | undefined) {
  if (!account.password_hash) {
    await refuseStale(app, request)
    return async () => account
  }
  if (given === undefined) throw new Invalid({ fields: { current_password: 'Enter your password.' } })
  return prove(app, request, account.email, given).catch((error) => {
    throw error instanceof WrongCredentials ? notYours() : error
  })
}

/** Gives an account a new password, or its first, and ends every session but this one. */
export async function changePassword(app: App, request: FastifyRequest, change: PasswordChange) {
  const { user } = request
  const account = await accountOf(user, app.db)
  const { email, username, first_name: firstName, last_name: lastName } = account
  const weak = passwordProblem(change.password, { email, username, firstName, lastName })
  if (weak) {
    const requirements = `At least ${app.config.passwordMinLength} characters`
    throw new Invalid({ fields: { password: weak }, requirements })
  }
  const proven = await proveOwner(app, request, account, change.current_password)
  const hash = await app.hashing.hash(change.password, networkOf(request))
  await inTransaction(app.db, async (tx) => {
    if (!(await holdWithPassword(tx, account, app.now()))) throw notYours()
    await proven(tx)
    await storeHash(tx, account.id, hash, app.now())
    await sessionsOf(user, tx).endOthers(request.signedIn.session_id)
    await request.audit('user.password_changed', { detail: { first: account.password_hash === null } }, tx)
  })
}
