import type { FastifyRequest } from 'fastify'
import { SignInAgain } from '../errors.ts'
import type { App } from '../plugins/app-type.ts'
import { sessionsOf } from './store.ts'

const freshFor = 10 * 60 * 1000

/** Refuses what opens a desk for good, unless whoever asks signed in a short while ago: a browser may be left alone. */
export async function refuseStale(app: App, { signedIn }: FastifyRequest) {
  const { created_at } = await sessionsOf(signedIn, app.db).open(signedIn.session_id, app.now())
  if (app.now().getTime() - Date.parse(created_at) > freshFor) throw new SignInAgain()
}
