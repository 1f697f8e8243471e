import type { FastifyReply, FastifyRequest } from 'fastify'
import { isDisposable } from '../accounts/disposable.ts'
import { afterSignUp, inviteHash, join, refuseByPolicy, refuseTooMany, welcome } from '../accounts/sign-up.ts'
import { type Account, accountByLogin } from '../accounts/store.ts'
import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import { EmailTaken, ProviderRefused } from '../errors.ts'
import type { App } from '../plugins/app-type.ts'
import { afterSignIn, signIn } from '../sessions/sign-in.ts'
import type { Who } from './claims.ts'
import type { Provider } from './provider.ts'
import { accountByIdentity, linkIdentity, noteIdentity } from './store.ts'
import { keepUnlinked, unlinkedFor } from './unlinked.ts'

type Arrival = {
  app: App
  request: FastifyRequest
  reply: FastifyReply
  provider: Provider
  who: Who
  next: string | undefined
}

/** Links it, and writes that down with it. `tx` must be a transaction. */
export async function linking(
  tx: Db,
  app: App,
  request: FastifyRequest,
  who: Pick<Who, 'issuer' | 'subject'> & { email: string | undefined },
  account: { id: string },
  provider: Provider
) {
  if (!(await linkIdentity(tx, who, account, app.now()))) return
  await request.audit('identity.linked', { account: account.id, detail: { provider: provider.id } }, tx)
}

/** Whoever was signed in when they left, and still is, has one more way in. */
export async function linkToViewer({ app, request, provider, who }: Arrival, account: string): Promise<string> {
  const { viewer } = request
  if (viewer?.id !== account)
    throw new ProviderRefused({ message: 'You are no longer signed in here as you were when you left. Start again.' })
  await inTransaction(app.db, (tx) => linking(tx, app, request, who, viewer, provider))
  return '/settings/password'
}

/** Signs in whoever a provider has sent back, or makes an account for them; answers where they go. */
export async function arrive(arrival: Arrival): Promise<string> {
  const { app, provider, who } = arrival
  const known = await accountByIdentity(app.db, who)
  if (known) return openDesk(arrival, known)
  if (!who.email) throw new ProviderRefused({ message: `${provider.name} has not told us an email address of yours.` })
  if (!who.verified)
    throw new ProviderRefused({
      message: `Your email address is not confirmed at ${provider.name}. Confirm it there first.`
    })
  const owner = await accountByLogin(app.db, who.email)
  if (owner) return askForPassword(arrival, who.email, owner)
  try {
    return await makeDesk(arrival, who.email)
  } catch (error) {
    // Somebody was quicker with this very address: perhaps the same person, in another tab.
    if (error instanceof EmailTaken) return arrive(arrival)
    throw error
  }
}

async function openDesk({ app, request, reply, who, next }: Arrival, account: Account): Promise<string> {
  if (account.disabled_at) throw new ProviderRefused({ message: 'This desk is closed. Ask the administrator.' })
  const proven = async (tx: Db) => {
    if (!(await noteIdentity(tx, who, account, app.now()))) throw new ProviderRefused()
    return account
  }
  await signIn(app, request, reply, proven, true)
  return afterSignIn(request, next)
}

/**
 * An account of this address is there. Its owner may be told so, having proved that the address is theirs; but who signed
 * up with it need not be them, so that only the password of the account joins the two.
 */
async function askForPassword({ app, reply, who, next }: Arrival, email: string, { id }: Account): Promise<string> {
  const token = await keepUnlinked({ ...who, email }, { account: id, next }, app.db, app.now())
  reply.keepCookie('unlinked_identity', token, unlinkedFor / 1000)
  return '/login/link'
}

/** The same road as any sign-up, but for the password and the letter: the provider has seen to the address. */
async function makeDesk({ app, request, reply, provider, who, next }: Arrival, email: string): Promise<string> {
  await refuseByPolicy(app, request, { email })
  if (isDisposable(email))
    throw new ProviderRefused({
      message: `Your address at ${provider.name} is of those that are thrown away. Use one that stays yours.`
    })
  await refuseTooMany(app, request)
  const { firstName, lastName } = who
  const newcomer = { email, firstName, lastName, inviteHash: inviteHash(app, request, {}) }
  await welcome(app, request, reply, async (tx) => {
    const account = await join(tx, app, newcomer)
    await linking(tx, app, request, who, account, provider)
    return account
  })
  return afterSignUp(app, request, next)
}
