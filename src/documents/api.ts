import multipart from '@fastify/multipart'
import { requireInside, requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { namesIn } from '../tags/name.ts'
import { type Named, retagDocument, tagsOn } from '../tags/tagging.ts'
import { listOf, nothing, refused } from '../told.ts'
import type { Reader } from '../viewer.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { adding } from './adding.ts'
import { citedIn } from './cited-in.ts'
import { discardAll, largestRequest, limitsOf, readGiven } from './given.ts'
import { documentsOf } from './mine.ts'
import { removing } from './removing.ts'
import { DocumentChange, DocumentFiles, DocumentJson, DocumentList, OneDocument } from './schema.ts'
import { CitedIn, Document, DocumentsAdded } from './shapes.ts'
import { documentsIn, type Found, renameDocument, tryAgain } from './store.ts'

const waysToGive =
  'A text or a web address as JSON, or files as multipart/form-data. It is read in the background: its status tells ' +
  'when it can be asked about.'

/** A document as the API tells it: who asks from outside need not know the steps on the way to ready. */
function told({ file: _, state, reason, ...plain }: Found, tags: Named[] = []) {
  const status: 'pending' | 'ready' | 'failed' = state === 'ready' || state === 'failed' ? state : 'pending'
  return { ...plain, status, step: state, error: reason, tags: tags.map(({ name }) => name) }
}

export async function documentApi(app: App) {
  async function tellAll(documents: Found[], user: { id: string }) {
    const tags = await tagsOn(documents, user, app.db)
    return documents.map((document) => told(document, tags.get(document.id)))
  }

  async function tell(id: string, user: Reader) {
    const { document } = await documentsOf(user, app.db).open(id)
    return told(document, (await tagsOn([document], user, app.db)).get(id))
  }

  async function change(id: string, user: Reader) {
    const { workspace } = await documentsOf(user, app.db).open(id)
    return documentsIn(workspace, app.db).change(id, user)
  }

  app.get(
    '/api/v1/documents',
    {
      onRequest: requireInside('read'),
      schema: { summary: 'List documents', querystring: DocumentList, response: { 200: listOf(Document) } }
    },
    async ({ user, query }) => {
      const { workspace_id, ...wanted } = query
      const { items, next_cursor } = workspace_id
        ? await documentsIn(await workspacesOf(user, app.db).open(workspace_id), app.db).list(wanted, user)
        : await documentsOf(user, app.db).list(wanted)
      return { items: await tellAll(items, user), next_cursor }
    }
  )

  // Only here a body may be files.
  await app.register(async (desk) => {
    await desk.register(multipart, limitsOf(app.config))

    desk.post(
      '/api/v1/documents',
      {
        onRequest: requireInside('write'),
        bodyLimit: largestRequest,
        schema: {
          summary: 'Add a document',
          description: waysToGive,
          body: { content: { 'application/json': { schema: DocumentJson } } },
          consumes: { 'multipart/form-data': DocumentFiles },
          response: {
            200: { ...DocumentsAdded, description: 'All of it that could be taken was there already.' },
            201: DocumentsAdded,
            413: refused('All of it is larger than is taken here, or than there is room for on your desk.')
          }
        }
      },
      async (request, reply) => {
        const { user } = request
        const { given, refused: unfit, asked, from } = await readGiven(app, request, DocumentJson)
        const workspace = await workspacesOf(user, app.db)
          .edit(asked.workspace_id)
          .catch(async (error) => {
            await discardAll(app, given)
            throw error
          })
        const done = await adding(app, request, workspace, given, { ...from, tags: namesIn(asked.tags) })
        const problems = [...unfit, ...done.refused]
        const items = await tellAll([...done.added, ...done.already], user)
        const [first] = items
        if (!first) throw problems[0]?.refusal
        return reply.code(done.added.length > 0 ? 201 : 200).send({ ...first, items, refused: problems })
      }
    )
  })

  app.get(
    '/api/v1/documents/:documentId',
    {
      onRequest: requireInside('read'),
      schema: { summary: 'Read about a document', params: OneDocument, response: { 200: Document } }
    },
    ({ user, params }) => tell(params.documentId, user)
  )

  app.get(
    '/api/v1/documents/:documentId/citations',
    {
      onRequest: requireScope('read'),
      schema: {
        summary: 'List the answers that cite a document',
        description: 'Your own answers only.',
        params: OneDocument,
        querystring: Page,
        response: { 200: listOf(CitedIn) }
      }
    },
    async ({ user, params, query }) => {
      const { document } = await documentsOf(user, app.db).open(params.documentId)
      return citedIn(document, user, app.db).list(query)
    }
  )

  app.patch(
    '/api/v1/documents/:documentId',
    {
      onRequest: requireInside('write'),
      schema: {
        summary: 'Rename or tag a document',
        description: 'For the owner of the workspace, and for an editor who added it.',
        params: OneDocument,
        body: DocumentChange,
        response: { 200: Document }
      }
    },
    async (request) => {
      const { user, params, body } = request
      const document = await change(params.documentId, user)
      if (body.title) await renameDocument(document, body.title, app.db, app.now())
      if (body.tags) await retagDocument(document, user, body.tags, app.db, app.now())
      await request.audit('document.changed', { subject: document.id })
      return tell(document.id, user)
    }
  )

  app.post(
    '/api/v1/documents/:documentId/retry',
    {
      onRequest: requireInside('write'),
      schema: {
        summary: 'Have a document read again',
        description: 'One that failed is read from the beginning; any other stays as it is.',
        params: OneDocument,
        response: { 200: Document }
      }
    },
    async ({ user, params }) => {
      await tryAgain(await change(params.documentId, user), app.db, app.now())
      app.reading.wake()
      return tell(params.documentId, user)
    }
  )

  app.delete(
    '/api/v1/documents/:documentId',
    {
      onRequest: requireInside('write'),
      schema: {
        summary: 'Delete a document',
        description: 'Its text, its file and every quote of it in answers go with it.',
        params: OneDocument,
        response: { 204: nothing('The document and all that was cut from it is gone.') }
      }
    },
    async (request, reply) => {
      await removing(app, request, await change(request.params.documentId, request.user))
      return reply.code(204).send()
    }
  )
}
