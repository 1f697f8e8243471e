import { newId } from '../../src/ids.ts'
import type { Carrel } from '../support/carrel.ts'
import { bodyFor } from './bodies.ts'
import type { Desk } from './desk.ts'
import type { Operation } from './document.ts'

export type Recipe = (desk: Desk, operation: Operation) => Promise<unknown>

const changes = ({ method }: Operation) => method !== 'GET'
const gated = ({ security }: Operation) => security.length > 0
const wrongSecrets: Record<string, object> = {
  '/api/v1/auth/login': { username: 'ann', password: 'not the one' },
  '/api/v1/auth/refresh': { refresh_token: 'crr_unknown' }
}

/** Nobody in particular, or whoever is wrong about who they are. */
async function unknown({ ask, visitor }: Desk, operation: Operation) {
  const nobody = visitor()
  await ask(operation, { as: nobody, ...(!gated(operation) && { body: wrongSecrets[operation.path] }) })
  if (gated(operation)) await ask(operation, { as: nobody, headers: { authorization: 'Bearer x.y.z' } })
}

/** A key that is not for this, a page that is not ours, and a role that does not suffice. */
async function forbidden({ ask, bob, ids, keys, visitor }: Desk, operation: Operation) {
  for (const { scope, key } of gated(operation) ? keys : []) {
    const opens = operation.security.some((one) => 'key' in one && one.key?.includes(scope))
    if (!opens) await ask(operation, { as: visitor(), headers: { 'x-api-key': key } })
  }
  if (!changes(operation)) return
  await ask(operation, { headers: { 'sec-fetch-site': 'cross-site' } })
  if (operation.path.includes('{') && gated(operation))
    await ask(operation, { as: bob, ids: { ...ids, accountId: ids.ownerId as string } })
}

/** Things that never were, in each place where one is named. */
async function nowhere({ ask, ids }: Desk, operation: Operation) {
  const { path, parameters } = operation
  for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) await ask(operation, { ids: { ...ids, [name]: newId() } })
  const asked = parameters.find((one) => one.in === 'query' && one.name === 'workspace_id')
  if (asked?.required) await ask(operation, { ids: { ...ids, workspaceId: newId() } })
  else if (asked) await ask(operation, { query: `workspace_id=${newId()}` })
  const { properties = {} } = operation.requestBody?.content['application/json']?.schema ?? {}
  const named = ['workspace_id', 'code'].find((field) => field in properties)
  if (named) await ask(operation, { body: { ...bodyFor(operation, ids), [named]: newId() } })
}

/** What cannot be read, and what is not what it should be. */
async function unreadable({ ask }: Desk, operation: Operation) {
  if (!changes(operation)) return ask(operation, { query: 'limit=no' })
  const bodies = ['{', '[]', '"text"', 'null', '{"role":"king","title":7,"name":[]}']
  for (const body of operation.requestBody ? bodies : ['{']) await ask(operation, { body })
}

/** The key is held by one that has come as far as the handler, and then comes to nothing. */
async function held({ ask, between }: Desk, operation: Operation) {
  const [arrived, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  between.happens = () => {
    between.happens = undefined
    arrived.resolve()
    return released.promise
  }
  const headers = { 'idempotency-key': newId() }
  const first = ask(operation, { headers })
  await Promise.race([arrived.promise, first])
  await ask(operation, { headers })
  released.reject(new Error('nothing comes of it'))
  await first
  between.happens = undefined
}

/** As many as there may be of something, for as long as one more is asked for. */
async function full({ ask, ann }: Desk, operation: Operation) {
  const made: string[] = []
  for (let answer = await ask(operation); answer.statusCode === 201; answer = await ask(operation))
    made.push(String(answer.headers.location))
  for (const path of made) await ann.api('DELETE', path)
}

const conflicts: Record<string, Recipe> = {
  'POST /api/auth/signup': ({ ask, ids }, operation) =>
    ask(operation, { body: { ...bodyFor(operation, ids), email: 'ann.arbor@example.com' } }),
  'POST /api/v1/api-keys': full,
  'POST /api/v1/instances': full,
  'POST /api/v1/prompts': full,
  'DELETE /api/v1/identities/{identityId}': async ({ app, ask, ids }, operation) => {
    const account = app.db.updateTable('accounts').where('id', '=', ids.ownerId as string)
    const { password_hash } = await app.db
      .selectFrom('accounts')
      .select('password_hash')
      .where('id', '=', ids.ownerId as string)
      .executeTakeFirstOrThrow()
    await account.set({ password_hash: null }).execute()
    await ask(operation)
    await account.set({ password_hash }).execute()
  },
  'DELETE /api/v1/workspaces/{workspaceId}': async ({ ask, ann, ids }, operation) =>
    ask(operation, { ids: { ...ids, workspaceId: (await ann.me()).room.roomId } }),
  'POST /api/v1/memories': async ({ ask, ann }, operation) => {
    await ann.submit('/settings/memory', { memory: 'off' })
    await ask(operation)
    await ann.submit('/settings/memory', { memory: 'on' })
  },
  'POST /api/v1/tags': ({ ask }, operation) => ask(operation, { body: { name: 'flat' } }),
  'PATCH /api/v1/tags/{tagId}': async ({ ask, ann }, operation) => {
    await ann.api('POST', '/api/v1/tags', { name: 'taken' })
    await ask(operation, { body: { name: 'taken' } })
  }
}
const aboutTheOwner: Recipe = ({ ask, ids }, operation) =>
  ask(operation, { ids: { ...ids, accountId: ids.ownerId as string } })
for (const method of ['PATCH', 'DELETE'])
  conflicts[`${method} /api/v1/workspaces/{workspaceId}/members/{accountId}`] = aboutTheOwner

async function conflicting(desk: Desk, operation: Operation) {
  await conflicts[operation.name]?.(desk, operation)
  if (operation.responses[422]) await held(desk, operation)
}

/** The key came with a tag before. */
async function another({ ask, ann }: Desk, operation: Operation) {
  const headers = { 'idempotency-key': newId() }
  await ann.request('POST', '/api/v1/tags', { name: newId() }, headers)
  await ask(operation, { headers })
}

/** A database that fails at whatever it is asked, as soon as a request has been let in, or at once. */
const failing =
  (error: Error): Recipe =>
  async ({ app, ask, between }, operation) => {
    const { db } = app
    const breaks = async () => {
      app.db = new Proxy(db, {
        get() {
          throw error
        }
      })
    }
    for (const when of ['later', 'at once']) {
      if (when === 'later') between.happens = breaks
      else await breaks()
      await ask(operation)
      between.happens = undefined
      app.db = db
    }
  }

/** Where one request is taken in ten seconds, the next one is not. */
const tooOften =
  (of: Carrel): Recipe =>
  async ({ ask }, operation) => {
    const wish = { of, as: of.visitor() }
    while ((await ask(operation, wish)).statusCode !== 429);
  }

/** As it is described; and once more, with events where there are some. Who signs up is somebody else from then on. */
async function well({ ask, ann, visitor }: Desk, operation: Operation) {
  const as = gated(operation) ? ann : visitor()
  await ask(operation, { as })
  const again = Object.values(operation.responses).some(({ content }) => content?.['text/event-stream'])
  if (again) await ask(operation, { as, headers: { accept: 'text/event-stream' } })
  else if (operation.responses[200] && operation.responses[201]) await ask(operation)
}

/** How each status is had of any operation that may answer it; the last of them change what there is. */
export const recipesWith = (limited: Carrel): [status: string, recipe: Recipe][] => [
  ['304', ({ ask }, operation) => ask(operation, { headers: { 'if-none-match': '*' } })],
  ['400', unreadable],
  ['401', unknown],
  ['403', forbidden],
  ['404', nowhere],
  ['409', conflicting],
  ['413', ({ ask }, operation) => ask(operation, { body: `"${'x'.repeat(5e6)}"` })],
  ['415', ({ ask }, operation) => ask(operation, { body: '<a/>', headers: { 'content-type': 'text/xml' } })],
  ['422', another],
  ['429', tooOften(limited)],
  ['500', failing(new Error('It is broken.'))],
  ['503', failing(Object.assign(new Error('It is full.'), { code: 'SQLITE_FULL' }))],
  ['200', well],
  ['201', well],
  ['204', well]
]
