import type { LightMyRequestResponse as Answer } from 'fastify'
import type { Test } from 'tap'
import type { Browser } from '../support/browser.ts'
import { type Carrel, password, startApp } from '../support/carrel.ts'
import { addressOf, bodyFor, type Ids } from './bodies.ts'
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
const aProgram = { upload_name: 'A loader', tags: { model_name: 'none', is_cot: false, document_count: 1, more: 2 } }

/** A desk with something of everything on it, read and answered; and all the API with what it may answer. */
export async function furnish(t: Test, settings: Record<string, string> = {}) {
  const carrel = await startApp(t, settings)
  const { app, visitor, person } = carrel
  /** What happens between the gates and the handler of a request. */
  const between: { happens?: (() => Promise<void>) | undefined } = {}
  app.addHook('preHandler', async () => between.happens?.())

  const ann = visitor()
  const newcomer = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }
  const signedUp = await ann.api('POST', '/api/auth/signup', { ...newcomer, context: { answers: 'short' } })
  const bob = await person('Bob')
  const made = async (url: string, body: object) => (await ann.api('POST', url, body)).json()
  const workspaceId = await ann.makesWorkspace('The flat')
  await bob.accepts(await ann.invites(workspaceId, 'viewer'))
  await ann.invites(workspaceId, 'viewer')
  await ann.puts(workspaceId, 'Broken', `{\\rtf1 ${'\u0001'.repeat(50)}`)
  const documentId = await ann.puts(workspaceId, 'Lease', '# Rent\n\nThe deposit is two months of rent.', ['flat'])
  const memoryId = (await made('/api/v1/memories', { text: 'I rent a flat in Hull.' })).id
  const chatId = (await made('/api/v1/chats', { workspace_id: workspaceId })).id
  const question = { content: 'I live in Hull. How much is the deposit of the flat I rent?', tags: ['flat'] }
  const messageId = (await made(`/api/v1/chats/${chatId}/messages`, question)).answer.id
  await app.memory.idle()
  const first = async (url: string) => (await ann.open(url)).json().items[0].id
  const elsewhere = await visitor().api('POST', '/api/v1/auth/login', { username: 'ann', password })
  const sessionId = await first('/api/v1/sessions')
  const ids: Ids = {
    ...{ workspaceId, documentId, memoryId, chatId, messageId, sessionId },
    refreshToken: elsewhere.json().refresh_token,
    ownerId: (await ann.me()).id,
    accountId: (await bob.me()).id,
    code: await bob.invites((await bob.me()).room.roomId, 'editor'),
    tagId: await first('/api/v1/tags'),
    taskId: await first('/api/v1/tasks'),
    inviteId: await first('/api/v1/invites'),
    keyId: (await made('/api/v1/api-keys', { name: 'A script', scopes: ['read'], workspace_id: workspaceId })).id,
    instanceId: (await made('/api/v1/instances', { ...aProgram, email: 'ann@example.com' })).instance_id
  }
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

  return { ...carrel, ...contract, ann, bob, ids, keys, signedUp, between, ask, met, faults }
}

export type Desk = Awaited<ReturnType<typeof furnish>>

const steps = ['GET', 'POST', 'PATCH', 'DELETE']
/** These end sessions, the last of them the one they are asked with. */
const atTheEnd = ['/api/v1/auth/password', '/api/v1/auth/logout']
/** What is read before what is changed, what is changed before what is deleted, and what is within first. */
export const inTurn = (operations: Operation[]) =>
  operations
    .filter(({ path }) => !atTheEnd.includes(path))
    .sort((a, b) => steps.indexOf(a.method) - steps.indexOf(b.method) || (`${a.path}~` < `${b.path}~` ? -1 : 1))
    .concat(atTheEnd.flatMap((path) => operations.filter((operation) => operation.path === path)))
