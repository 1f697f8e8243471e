import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { nextPath } from '../accounts/next-path.ts'
import { howYouSignIn } from '../accounts/settings.ts'
import { NotFound, ProviderRefused, TooMany } from '../errors.ts'
import { newToken } from '../ids.ts'
import { anyone } from '../plugins/access.ts'
import { networkOf } from '../plugins/address.ts'
import type { App } from '../plugins/app-type.ts'
import { refuseStale } from '../sessions/fresh.ts'
import { NextQuery, SignInForm } from '../sessions/schema.ts'
import { countWithin } from '../throttles/store.ts'
import { arrive, linkToViewer } from './arriving.ts'
import { attemptLasts, keepAttempt, newSecrets, takeAttempt } from './attempts.ts'
import { type Door, openDoor } from './door.ts'
import { callbackAddress } from './provider.ts'
import { noWayIn, noWayThere } from './why-not.ts'

/** From one network while an attempt lasts: a company may, but nobody else fills the table. */
const mostLeaving = 300
const tooMany = 'Too many sign-ins were begun from here. Wait ten minutes, or sign in with your password.'

const InProvider = Type.Object({ provider: Type.String() })

export async function identityPages(app: App) {
  const doors = new Map(app.config.providers.map((provider) => [provider.id as string, openDoor(provider, app.now)]))
  const goingTo = new WeakMap<FastifyRequest, string>()

  function doorTo(id: string): Door {
    const door = doors.get(id)
    if (!door) throw new NotFound()
    return door
  }

  /** Where somebody set out from, to be told there what came of it. */
  async function start(request: FastifyRequest): Promise<[string, object]> {
    if (request.viewer) return howYouSignIn(app, request)
    const { next } = request.query as { next?: unknown }
    return [
      'sessions/login',
      { rules: SignInForm.properties, next: goingTo.get(request) ?? nextPath(next), elsewhere: true }
    ]
  }

  /** Each leaves a row behind, whoever they are. */
  async function refuseTooMany(request: FastifyRequest, { provider }: Door) {
    const key = `leaving:${networkOf(request)}`
    if (await countWithin(app.db, key, mostLeaving, attemptLasts, app.now())) return
    await request.audit('identity.refused', { detail: { provider: provider.id, why: 'too many' } })
    throw new TooMany({ message: tooMany, retryAfter: attemptLasts / 1000 })
  }

  app.get(
    '/login/with/:provider',
    { onRequest: anyone, schema: { params: InProvider, querystring: NextQuery } },
    async (request, reply) => {
      const { provider } = doorTo(request.params.provider)
      return reply.page('identities/leave', { provider, next: nextPath(request.query.next) })
    }
  )

  // A form may not lead to another site, as the policy of our pages has it, so a page of ours leads on from here.
  app.post(
    '/login/with/:provider',
    { onRequest: anyone, schema: { params: InProvider, body: NextQuery }, config: { form: start } },
    async (request, reply) => {
      const door = doorTo(request.params.provider)
      const { provider } = door
      const next = nextPath(request.body.next)
      if (next) goingTo.set(request, next)
      if (request.viewer) await refuseStale(app, request)
      await refuseTooMany(request, door)
      const secrets = newSecrets()
      const address = await door
        .addressFor(secrets, callbackAddress(app.config, request, provider.id))
        .catch((error) => noWayThere(error, request, provider))
      const browser = request.keptCookie('sign_in_attempt') || newToken()
      const about = { provider: provider.id, browser, next, account: request.viewer?.id }
      await keepAttempt(secrets, about, app.db, app.now())
      reply.keepCookie('sign_in_attempt', browser, attemptLasts / 1000)
      return reply.page('identities/leaving', { provider, address })
    }
  )

  /** Ends the attempt that this browser comes back from, and asks the provider who it is that came. */
  async function comeBack(request: FastifyRequest, { provider, whoCame }: Door) {
    const address = new URL(callbackAddress(app.config, request, provider.id))
    address.search = request.url.split('?').slice(1).join('?')
    const [state = '', ...more] = address.searchParams.getAll('state')
    const browser = more.length === 0 && request.keptCookie('sign_in_attempt')
    const attempt = browser ? await takeAttempt(state, browser, provider.id, app.db, app.now()) : undefined
    if (!attempt)
      throw new ProviderRefused({ message: 'That sign-in took too long, or began elsewhere. Start it again.' })
    if (attempt.next) goingTo.set(request, attempt.next)
    const who = await whoCame(address, state, attempt).catch((error) => noWayIn(error, request, provider))
    return { attempt, who }
  }

  app.get(
    '/login/with/:provider/callback',
    { onRequest: anyone, schema: { params: InProvider }, config: { form: start }, exposeHeadRoute: false },
    async (request, reply) => {
      const door = doorTo(request.params.provider)
      const { provider } = door
      try {
        const { attempt, who } = await comeBack(request, door)
        const arrival = { app, request, reply, provider, who, next: attempt.next ?? undefined }
        if (attempt.account_id) return reply.goTo(await linkToViewer(arrival, attempt.account_id), 'identity-linked')
        return reply.goTo(await arrive(arrival))
      } catch (error) {
        if (error instanceof ProviderRefused)
          await request.audit('identity.refused', { detail: { provider: provider.id, why: error.message } })
        throw error
      }
    }
  )
}
