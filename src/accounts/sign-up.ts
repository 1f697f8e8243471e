import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../database/tables.ts'
import { type Fields, Invalid, SignupClosed, SignupRefused, TooMany } from '../errors.ts'
import { findInvite } from '../invites/store.ts'
import type { App } from '../plugins/app-type.ts'
import { addressOf } from '../plugins/rate-limit.ts'
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

/** Everything that is asked of a stranger before an account is made, and then the account as it will be stored. */
async function admit(app: App, request: FastifyRequest, person: SignUp): Promise<NewAccount> {
  if (person.website) {
    await request.audit('user.signup_refused', { detail: { why: 'honeypot' } })
    throw new SignupRefused()
  }
  await refuseByPolicy(app, request, person)
  refuseUnsuitable(person, app.config.passwordMinLength)

  const key = `signup:${addressOf(request)}`
  if (!(await countWithin(app.db, key, app.config.signupLimit, hour, app.now()))) {
    await request.audit('user.signup_refused', { detail: { why: 'too many' } })
    throw new TooMany({
      message: 'Too many accounts were asked for from here. Try again in an hour.',
      retryAfter: 3600
    })
  }
  const { email, username, firstName, lastName, context, password } = person
  return { email, username, firstName, lastName, context, passwordHash: await app.hashing.hash(password) }
}

async function refuseByPolicy(app: App, request: FastifyRequest, { email, inviteCode }: SignUp) {
  const { signup } = app.config
  if (signup === 'closed') throw new SignupClosed()
  if (signup === 'invite') {
    const pending = inviteCode ?? request.keptCookie('invite_code')
    const offer = pending ? await findInvite(pending, app.db, app.now()).catch(() => undefined) : undefined
    if (!offer || (offer.email && offer.email !== email))
      throw new SignupClosed({ message: 'You need an invite to join here. Open the link you were given first.' })
  }
}

/** Makes the account and signs it in; or, where nothing may be disclosed, sends a letter and answers undefined. */
export async function signUp(app: App, request: FastifyRequest, reply: FastifyReply, person: SignUp) {
  const newcomer = await admit(app, request, person)
  if (app.config.signupDisclosure === 'private') {
    await confirmLater(app, newcomer, pendingPath(request, person.next))
    return undefined
  }
  return welcome(app, request, reply, (tx) => createAccount(tx, newcomer, app.now()))
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
function pendingPath(request: FastifyRequest, next: string | undefined): string | undefined {
  const code = request.keptCookie('invite_code')
  return code ? `/accept-invite?code=${encodeURIComponent(code)}` : nextPath(next)
}

/** Where they go first: there, or to the page the settings name. */
export function afterSignUp(app: App, request: FastifyRequest, next: string | undefined): string {
  return pendingPath(request, next) ?? app.config.afterSignupPath
}
