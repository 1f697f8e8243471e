import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../database/tables.ts'
import { type Fields, Invalid, InviteGone, SignupClosed, SignupRefused, TooMany } from '../errors.ts'
import { hashToken } from '../ids.ts'
import { findInvite, reserve } from '../invites/store.ts'
import { networkOf } from '../plugins/address.ts'
import type { App } from '../plugins/app-type.ts'
import { fieldsOf } from '../plugins/forms.ts'
import { signIn } from '../sessions/sign-in.ts'
import { countWithin } from '../throttles/store.ts'
import { isDisposable } from './disposable.ts'
import { nextPath } from './next-path.ts'
import { passwordProblem } from './password.ts'
import { confirmLater } from './pending.ts'
import type { SignUp } from './schema.ts'
import { type Account, createAccount, type NewAccount } from './store.ts'

const hour = 3600 * 1000
const largestContext = 4096
const needsInvite = 'You need an invite to join here. Open the link you were given first.'

/** How long a context is once written down; one that is nested too deeply to be written is endless. */
function written(context: object | undefined): number {
  try {
    return JSON.stringify(context ?? {}).length
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** The rules about a new account that a schema cannot hold; throws with a message for each field. */
export function refuseUnsuitable(person: SignUp, passwordMinLength: number) {
  const fields: Fields = {}
  const weak = passwordProblem(person.password, person)
  if (weak) fields.password = weak
  if (isDisposable(person.email))
    fields.email = 'Use an address that stays yours; this provider hands out throw-away ones.'
  if (written(person.context) > largestContext) fields.context = 'Keep the context under 4 KB.'
  if (Object.keys(fields).length > 0) {
    throw new Invalid({ fields, ...(weak && { requirements: `At least ${passwordMinLength} characters` }) })
  }
}

/** A person never sees the field that is filled here; before any other rule, so that a program learns none of them. */
export async function refuseTrapped(request: FastifyRequest) {
  const { website } = fieldsOf(request)
  if (website === undefined || website === null || website === '') return
  await request.audit('user.signup_refused', { detail: { why: 'honeypot' } })
  throw new SignupRefused()
}

/** Everything that is asked of a stranger before an account is made, and then the account as it will be stored. */
async function admit(app: App, request: FastifyRequest, person: SignUp) {
  await refuseByPolicy(app, request, person)
  refuseUnsuitable(person, app.config.passwordMinLength)

  await refuseTooMany(app, request)
  const { email, username, firstName, lastName, context, password } = person
  const passwordHash = await app.hashing.hash(password, networkOf(request))
  return { email, username, firstName, lastName, context, passwordHash, inviteHash: inviteHash(app, request, person) }
}

/** Counts a sign-up from where it comes; a network has so many in an hour. */
export async function refuseTooMany(app: App, request: FastifyRequest) {
  const key = `signup:${networkOf(request)}`
  if (await countWithin(app.db, key, app.config.signupLimit, hour, app.now())) return
  await request.audit('user.signup_refused', { detail: { why: 'too many' } })
  throw new TooMany({ message: 'Too many accounts were asked for from here. Try again in an hour.', retryAfter: 3600 })
}

/** The invite somebody comes with, where that is needed. */
export function inviteHash(
  app: App,
  request: FastifyRequest,
  { inviteCode }: Pick<SignUp, 'inviteCode'>
): string | undefined {
  const code = inviteCode ?? request.keptCookie('invite_code')
  return app.config.signup === 'invite' && code ? hashToken(code) : undefined
}

/** Refuses a newcomer where only the invited may join, or nobody. */
export async function refuseByPolicy(app: App, request: FastifyRequest, person: Pick<SignUp, 'email' | 'inviteCode'>) {
  const { signup } = app.config
  if (signup === 'open') return
  const invite = inviteHash(app, request, person)
  const offer = invite && (await findInvite(invite, app.db, app.now()).catch(() => undefined))
  if (offer && (!offer.email || offer.email === person.email)) return
  await request.audit('user.signup_refused', { detail: { why: signup } })
  throw signup === 'invite' ? new SignupClosed({ message: needsInvite }) : new SignupClosed()
}

/** Makes the account and signs it in; or, where nothing may be disclosed, sends a letter and answers undefined. */
export async function signUp(app: App, request: FastifyRequest, reply: FastifyReply, person: SignUp) {
  const newcomer = await admit(app, request, person)
  if (app.config.signupDisclosure === 'private') {
    await confirmLater(app, newcomer, { network: networkOf(request), next: pendingPath(request, person.next) })
    await request.audit('user.signup_requested')
    return undefined
  }
  return welcome(app, request, reply, (tx) => join(tx, app, newcomer))
}

/** An account, and where only the invited may join, its place by the invite it came with. `tx` must be a transaction. */
export async function join(tx: Db, app: App, newcomer: NewAccount): Promise<Account> {
  const { signup } = app.config
  const account = await createAccount(tx, newcomer, app.now())
  if (signup === 'open') return account
  if (signup === 'closed' || !newcomer.inviteHash) throw new SignupClosed()
  await reserve(tx, newcomer.inviteHash, account, app.now()).catch((error) => {
    throw error instanceof InviteGone ? new SignupClosed({ message: needsInvite }) : error
  })
  return account
}

/** An account, as `create` makes it, and its first session: both or neither. */
export function welcome(app: App, request: FastifyRequest, reply: FastifyReply, create: (tx: Db) => Promise<Account>) {
  async function registered(tx: Db) {
    const account = await create(tx)
    await request.audit('user.registered', { account: account.id, detail: { role: account.role } }, tx)
    return account
  }
  return signIn(app, request, reply, registered, true)
}

/** Where a newcomer was going: to a pending invite, or the page they came for. */
function pendingPath(request: FastifyRequest, next: unknown): string | undefined {
  const code = request.keptCookie('invite_code')
  return code ? `/accept-invite?code=${encodeURIComponent(code)}` : nextPath(next)
}

/** Where they go first: there, or to the page the settings name. */
export function afterSignUp(app: App, request: FastifyRequest, next: unknown): string {
  return pendingPath(request, next) ?? app.config.afterSignupPath
}
