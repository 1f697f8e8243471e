import type { FastifyReply, FastifyRequest } from 'fastify'
import { endingOf } from './formats.ts'
import type { Document } from './store.ts'

/** Sends what was added, to be kept: whatever it holds, a browser may not show it, run it or guess what it is. */
export async function sendOriginal(request: FastifyRequest, reply: FastifyReply, document: Document) {
  await request.audit('document.downloaded', { subject: document.id })
  const name = `document-${document.id.slice(0, 8)}${endingOf(document.format)}`
  return reply
    .header('cache-control', 'no-store')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('content-disposition', `attachment; filename="${name}"`)
    .type('application/octet-stream')
    .send(request.server.originals.read(document.file))
}
