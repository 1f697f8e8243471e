import type { FastifyReply } from 'fastify'

/** Says that an answer depends on a header of the request, beside those it was said of before. */
export function varyBy(reply: FastifyReply, header: string): FastifyReply {
  const before = reply.getHeader('vary')
  return reply.header('vary', before ? `${before}, ${header}` : header)
}
