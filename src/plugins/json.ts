import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Invalid, WrongType } from '../errors.ts'

const form = 'application/x-www-form-urlencoded'
const files = 'multipart/form-data'
const change = 'application/merge-patch+json'

/** Deeper than anybody nests on purpose, and far from where a stack ends. */
const deepest = 100
/** More than anybody lists, and far from where saying what is wrong with each of them keeps others waiting. */
const widest = 1000

const tooDeep = 'This is nested too deeply.'
const tooWide = `This holds more than ${widest} things at once.`

const insideOf = (one: unknown) => (one !== null && typeof one === 'object' ? Object.values(one) : [])

/** What is wrong with something that has no end, in depth or in width; what looks for that must not follow it there. */
function endless(value: unknown): string | undefined {
  let level = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return tooDeep
    const inside = level.map(insideOf)
    if (inside.some(({ length }) => length > widest)) return tooWide
    level = inside.flat()
  }
}

/** What is read can be more than can be looked at, or written down again, so it is refused before anybody tries. */
function refusalOfEndless(body: unknown): Invalid | undefined {
  const named = body !== null && typeof body === 'object' && !Array.isArray(body)
  if (named && Object.keys(body).length > widest) return new Invalid({ message: tooWide })
  const wrong = Object.entries(named ? body : { body }).flatMap(([name, value]) => {
    const why = endless(value)
    return why ? [[name, why] as const] : []
  })
  const [first] = wrong
  return first && new Invalid({ message: first[1], ...(named && { fields: Object.fromEntries(wrong) }) })
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
    else void parse(request, body as string, (error, parsed) => done(error ?? refusalOfEndless(parsed) ?? null, parsed))
  })
}

/** Names the types a route takes to whoever sent another. */
export function nameTypes({ method, server }: FastifyRequest, reply: FastifyReply) {
  if (method === 'PATCH') reply.header('accept-patch', `application/json, ${change}`)
  const types = ['application/json', form, ...(server.hasContentTypeParser(files) ? [files] : [])]
  if (method === 'POST') reply.header('accept-post', types.join(', '))
}
