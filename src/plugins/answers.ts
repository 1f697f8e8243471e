import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { refused } from '../told.ts'
import { demandOf } from './access.ts'
import { isApiPath } from './api.ts'

declare module 'fastify' {
  interface FastifySchema {
    /** What the route does, as an order. */
    summary?: string
    /** What more there is to know. */
    description?: string
  }
}

type Fields = { properties?: object; content?: Record<string, { schema: Fields }> }

const always = {
  429: refused('Too many requests; Retry-After says in how many seconds the next one is taken.'),
  500: refused('A fault of ours, with a reference.'),
  503: refused('Carrel is too busy or cannot reach its storage; Retry-After says when to try again.')
}
const noCredential = refused('No session, token or key was sent, or one that is unknown, expired or ended.')
const unreadable = refused('Something of what was sent is not what it should be; fields says what.')
const notThere = refused('There is no such thing, or it is not yours to see; nothing tells the two apart.')
const tooLarge = refused('What was sent is larger than is taken here.')
const wrongType = refused('What was sent is of a type that is not taken here.')
const forPeople = refused('A program with a key may not do this, only somebody who signed in.')
const foreign = refused("The request came from another site's page.")

const fieldsOf = (schema: unknown): string[] => {
  const { properties, content } = (schema ?? {}) as Fields
  return content ? Object.values(content).flatMap((one) => fieldsOf(one.schema)) : Object.keys(properties ?? {})
}
/** Roles are had in workspaces, and there they are about documents and members. */
const underRole = /^(workspaceId|workspace_id|documentId)$/

/** Who is refused, as far as that follows from the gate; for whom a role does not suffice, the stores say. */
function forbidden({ method, onRequest, schema }: RouteOptions) {
  const { session, scopes, inside } = demandOf(onRequest) ?? {}
  const changes = method !== 'GET'
  if (session) return { 401: noCredential, 403: forPeople }
  if (!scopes) return changes ? { 403: foreign } : {}
  const why = [
    `The key lacks the scope ${scopes.join(' or ')}`,
    inside ? [] : 'it is for one workspace only',
    changes && [schema?.params, schema?.body].flatMap(fieldsOf).some((name) => underRole.test(name))
      ? 'your role in the workspace does not allow this'
      : [],
    changes ? "a cookie came with another site's request" : []
  ]
  return { 401: noCredential, 403: refused(`${why.flat().join(', or ')}.`) }
}

const namesId = (schema: unknown) => fieldsOf(schema).some((name) => name.endsWith('_id'))

/** What a route may answer besides its success, as far as that follows from its gate and from what it takes. */
function refusalsOf(route: RouteOptions) {
  const { params, querystring, body } = route.schema ?? {}
  return {
    ...always,
    ...forbidden(route),
    ...(body || querystring ? { 400: unreadable } : {}),
    ...(params || namesId(body) || namesId(querystring) ? { 404: notThere } : {}),
    ...(body ? { 413: tooLarge, 415: wrongType } : {})
  }
}

/** Every route of the API says how it refuses; a route itself only names what is its own. */
export default fp(
  async (app: FastifyInstance) => {
    app.addHook('onRoute', (route) => {
      if (!isApiPath(route.url)) return
      const own = route.schema?.response as Record<number, FastifySchema> | undefined
      route.schema = { ...route.schema, response: { ...refusalsOf(route), ...own } }
    })
  },
  { name: 'answers' }
)
