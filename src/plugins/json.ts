import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { WrongType } from '../errors.ts'

const form = 'application/x-www-form-urlencoded'
const files = 'multipart/form-data'
const change = 'application/merge-patch+json'

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
    else void parse(request, body as string, done)
  })
}

/** Names the types a route takes to whoever sent another. */
export function nameTypes({ method, server }: FastifyRequest, reply: FastifyReply) {
  if (method === 'PATCH') reply.header('accept-patch', `application/json, ${change}`)
  const types = ['application/json', form, ...(server.hasContentTypeParser(files) ? [files] : [])]
  if (method === 'POST') reply.header('accept-post', types.join(', '))
}
