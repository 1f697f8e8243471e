import type { LightMyRequestResponse as Answer } from 'fastify'
import type { Test } from 'tap'
import type { Browser } from '../support/browser.ts'
import { type Carrel, startApp } from '../support/carrel.ts'
import { fill, type Ids } from '../support/full-desk.ts'
import { addressOf, bodyFor } from './bodies.ts'
import { contractOf, type Operation } from './document.ts'

/** How something is asked; what is left out is as it should be. */
export type Wish = {
  as?: Browser
  of?: Carrel
  ids?: Ids
  query?: string
  body?: unknown
  headers?: Record<string, string>
}

const json = { 'content-type': 'application/json' }

/** A desk with something of everything on it, read and answered; and all the API with what it may answer. */
export async function furnish(t: Test, settings: Record<string, string> = {}) {
  const carrel = await startApp(t, settings)
  const { app } = carrel
  /** What happens between the gates and the handler of a request. */
  const between: { happens?: (() => Promise<void>) | undefined } = {}
  app.addHook('preHandler', async () => between.happens?.())

  const { ann, bob, ids } = await fill(carrel)
  const made = async (url: string, body: object) => (await ann.api('POST', url, body)).json()
  const keyFor = async (scope: string) => (await made('/api/v1/api-keys', { name: 'Little', scopes: [scope] })).key
  const keys = [
    { scope: 'email', key: await keyFor('email') },
    { scope: 'read', key: await keyFor('read') }
  ]

  const contract = await contractOf(carrel)
  const faults = new Set<string>()
  const met = new Set<string>()

  /** Asks, and holds the answer against the document. */
  async function ask(
    operation: Operation,
    { as = ann, of = carrel, query, headers, ...wish }: Wish = {}
  ): Promise<Answer> {
    const body = 'body' in wish ? wish.body : bodyFor(operation, ids)
    const answer = await of.app.inject({
      method: operation.method as 'GET',
      url: addressOf(operation, wish.ids ?? ids, query),
      headers: { ...as.headers, ...(body !== undefined && json), ...headers },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) })
    })
    met.add(`${operation.name} ${answer.statusCode}`)
    for (const fault of contract.wrongWith(operation, answer)) faults.add(fault)
    return answer
  }

  return { ...carrel, ...contract, ann, bob, ids, keys, between, ask, met, faults }
}

export type Desk = Awaited<ReturnType<typeof furnish>>
