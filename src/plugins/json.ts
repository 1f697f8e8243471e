import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Invalid, WrongType } from '../errors.ts'

const form = 'application/x-www-form-urlencoded'
const files = 'multipart/form-data'
const change = 'application/merge-patch+json'

/** Deeper than anybody nests on purpose, and far from where a stack ends. */
const deepest = 100

/** Whether something is nested without end; what looks for that must not follow it there. */
function isTooDeep(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true
    level = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []))
  }
  return false
}

/** What is read can be deeper than what can be written down again, so it is refused before anybody tries. */
function refusalOfDeep(body: unknown): Invalid | undefined {
  const named = body !== null && typeof body === 'object' && !Array.isArray(body)
  const deep = Object.entries(named ? body : { body }).filter(([, value]) => isTooDeep(value))
  if (deep.length === 0) return undefined
  const message = 'This is nested too deeply.'
  return new Invalid({ message, ...(named && { fields: Object.fromEntries(deep.map(([name]) => [name, message])) }) })
}

/**
 * JSON as Fastify reads it, where nothing at all is nothing: many a program names a type without sending anything. A
 * PATCH is what RFC 7396 calls a merge patch, and may be called so.
 */
export function acceptJson(app: FastifyInstance) {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(['application/json', change], { parseAs: 'string' }, (request, body, done) => {
    if (request.method !== 'PATCH' && request.headers['content-type']?.startsWith(change)) done(new WrongType())
    else if (body === '') done(null, undefined)
    else void parse(request, body as string, (error, parsed) => done(error ?? refusalOfDeep(parsed) ?? null, parsed))
  })
}

/** Names the types a route takes to whoever sent another. */
export function nameTypes({ method, server }: FastifyRequest, reply: FastifyReply) {
  if (method === 'PATCH') reply.header('accept-patch', `application/json, ${change}`)
  const types = ['application/json', form, ...(server.hasContentTypeParser(files) ? [files] : [])]
  if (method === 'POST') reply.header('accept-post', types.join(', '))
}
