import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { namesIn } from '../tags/name.ts'
import { retagDocument, tagsOn } from '../tags/tagging.ts'
import { InWorkspace } from '../workspaces/schema.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { adding } from './adding.ts'
import { citedIn } from './cited-in.ts'
import { largestRequest, limitsOf, readGiven } from './given.ts'
import { sendOriginal } from './original.ts'
import { passagesOf } from './passages.ts'
import { removing } from './removing.ts'
import { DocumentForm, DocumentRename, InDocument, Reading } from './schema.ts'
import { documentsIn, mayChange, renameDocument, tryAgain } from './store.ts'

const citedAtOnce = 10

type Params = { workspaceId: string; documentId: string }

export async function documentPages(app: App) {
  const workspaceOf = (request: FastifyRequest) => (request.params as Params).workspaceId
  const edit = (request: FastifyRequest) => workspacesOf(request.user, app.db).edit(workspaceOf(request))

  async function open(request: FastifyRequest) {
    const workspace = await workspacesOf(request.user, app.db).open(workspaceOf(request))
    const document = await documentsIn(workspace, app.db).open((request.params as Params).documentId)
    return { workspace, document }
  }

  async function change(request: FastifyRequest) {
    const { workspace, document } = await open(request)
    return { workspace, document: await documentsIn(workspace, app.db).change(document.id, request.user) }
  }

  const newForm = async (request: FastifyRequest): Promise<[string, object]> => [
    'documents/new',
    { rules: DocumentForm.properties, workspace: await edit(request), mostMb: app.config.uploadMaxMb }
  ]

  const settingsForm = async (request: FastifyRequest): Promise<[string, object]> => {
    const { workspace, document } = await change(request)
    const tags = (await tagsOn([document], request.user, app.db)).get(document.id)
    return ['documents/settings', { rules: DocumentRename.properties, workspace, document, tags }]
  }

  const inWorkspace = { onRequest: requireUser, schema: { params: InWorkspace } }
  const inDocument = { onRequest: requireUser, schema: { params: InDocument } }

  app.get('/workspaces/:workspaceId/documents/new', inWorkspace, async (request, reply) =>
    reply.page(...(await newForm(request)))
  )

  // Only here a body may be files.
  await app.register(async (desk) => {
    await desk.register(multipart, limitsOf(app.config))

    desk.post(
      '/workspaces/:workspaceId/documents',
      { ...inWorkspace, bodyLimit: largestRequest, config: { form: newForm } },
      async (request, reply) => {
        const workspace = await edit(request)
        const { given, refused, asked, from } = await readGiven(app, request, DocumentForm)
        const done = await adding(app, request, workspace, given, { ...from, tags: namesIn(asked.tags) })
        const problems = [...refused, ...done.refused]
        if (problems.length === 0) {
          const [only] = [...done.added, ...done.already]
          if (done.added.length === 0)
            return reply.goTo(`/workspaces/${workspace.id}/documents/${only?.id}`, 'document-already')
          return reply.goTo(`/workspaces/${workspace.id}`, 'documents-added', done.added.length, done.already.length)
        }
        const [view, data] = await newForm(request)
        return reply.code(422).page(view, { ...data, problems, done })
      }
    )
  })

  app.get(
    '/workspaces/:workspaceId/documents/:documentId',
    { onRequest: requireUser, schema: { params: InDocument, querystring: Reading } },
    async (request, reply) => {
      const { user, query } = request
      const { workspace, document } = await open(request)
      const read = await passagesOf(document, app.db).from(query.from)
      const cited = await citedIn(document, user, app.db).list({
        limit: citedAtOnce,
        ...(query.cited && { cursor: query.cited })
      })
      const tags = (await tagsOn([document], user, app.db)).get(document.id)
      const may = mayChange(workspace, document, user)
      return reply.page('documents/show', {
        workspace,
        document,
        ...read,
        from: query.from,
        cited,
        tags,
        mayChange: may
      })
    }
  )

  app.get('/workspaces/:workspaceId/documents/:documentId/original', inDocument, async (request, reply) => {
    const { document } = await open(request)
    return sendOriginal(request, reply, document)
  })

  app.get('/workspaces/:workspaceId/documents/:documentId/settings', inDocument, async (request, reply) =>
    reply.page(...(await settingsForm(request)))
  )

  app.post(
    '/workspaces/:workspaceId/documents/:documentId',
    { onRequest: requireUser, schema: { params: InDocument, body: DocumentRename }, config: { form: settingsForm } },
    async (request, reply) => {
      const { workspace, document } = await change(request)
      const { title, tags } = request.body
      await renameDocument(document, title, app.db, app.now())
      await retagDocument(document, request.user, namesIn(tags), app.db, app.now())
      await request.audit('document.changed', { subject: document.id })
      return reply.goTo(`/workspaces/${workspace.id}/documents/${document.id}`, 'document-changed')
    }
  )

  app.post('/workspaces/:workspaceId/documents/:documentId/retry', inDocument, async (request, reply) => {
    const { workspace, document } = await change(request)
    await tryAgain(document, app.db, app.now())
    app.reading.wake()
    return reply.goTo(`/workspaces/${workspace.id}/documents/${document.id}`)
  })

  app.get('/workspaces/:workspaceId/documents/:documentId/delete', inDocument, async (request, reply) =>
    reply.page('documents/delete', await change(request))
  )

  app.post('/workspaces/:workspaceId/documents/:documentId/delete', inDocument, async (request, reply) => {
    const { workspace, document } = await change(request)
    const { passages, vectors, bytes } = await removing(app, request, document)
    return reply.goTo(`/workspaces/${workspace.id}`, 'document-deleted', passages, vectors, bytes)
  })
}
