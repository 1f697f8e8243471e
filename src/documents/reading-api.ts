import type { FastifyRequest } from 'fastify'
import { requireInside } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { file, listOf } from '../told.ts'
import { documentsOf } from './mine.ts'
import { sendOriginal } from './original.ts'
import { passagesOf, textOf } from './passages.ts'
import { OneDocument, PassagePage } from './schema.ts'
import { PassageOfDocument } from './shapes.ts'

/** What a document says, and the document as it was added. */
export async function documentReadingApi(app: App) {
  const open = async ({ user, params }: FastifyRequest) =>
    (await documentsOf(user, app.db).open((params as { documentId: string }).documentId)).document

  app.get(
    '/api/v1/documents/:documentId/passages',
    {
      onRequest: requireInside('read'),
      schema: {
        summary: 'Read what a document says',
        description: 'Its passages in the order of the text, as far as it has been read.',
        params: OneDocument,
        querystring: PassagePage,
        response: { 200: listOf(PassageOfDocument, 'The passages in their order.') }
      }
    },
    async (request) => {
      const { cursor = '1', limit } = request.query
      const { passages, next } = await passagesOf(await open(request), app.db).from(Number(cursor), limit)
      const items = passages.map((passage) => ({ ...passage, text: textOf(passage) }))
      return { items, next_cursor: next === undefined ? null : String(next) }
    }
  )

  app.get(
    '/api/v1/documents/:documentId/original',
    {
      onRequest: requireInside('read'),
      schema: {
        summary: 'Download a document as it was added',
        params: OneDocument,
        response: { 200: file('The file, the text or the web page, byte by byte.') },
        produces: { 200: ['application/octet-stream'] }
      }
    },
    async (request, reply) => sendOriginal(request, reply, await open(request))
  )
}
