import type { FastifyRequest } from 'fastify'
import { QuotaFull } from '../errors.ts'
import type { App } from '../plugins/app-type.ts'
import { tagDocument } from '../tags/tagging.ts'
import type { EditableWorkspace } from '../workspaces/store.ts'
import type { Given, Refused } from './incoming.ts'
import { addDocument, type Document, type NewDocument } from './store.ts'

export type Added = { added: Document[]; already: Document[]; refused: Refused[] }
type About = Pick<NewDocument, 'origin' | 'source_url'> & { tags: string[] }

/** Puts what was given on the desk, by page or by API, each by itself; what does not stay is removed from the disk. */
export async function adding(
  app: App,
  request: FastifyRequest,
  workspace: EditableWorkspace,
  given: Given[],
  { tags, ...about }: About
): Promise<Added> {
  const done: Added = { added: [], already: [], refused: [] }
  const { user } = request
  for (const { title, original } of given) {
    try {
      const adding = { user, quota: app.config.userQuotaMb * 1e6, now: app.now() }
      const { document, already } = await addDocument(workspace, original, { ...about, title }, app.db, adding)
      await tagDocument(document, user, tags, app.db, app.now())
      if (already) await app.originals.discard(original.file)
      else await request.audit('document.added', { subject: document.id, detail: { workspace: workspace.id } })
      done[already ? 'already' : 'added'].push(document)
    } catch (error) {
      await app.originals.discard(original.file)
      if (!(error instanceof QuotaFull)) throw error
      done.refused.push({ title, why: error.message, refusal: error })
    }
  }
  if (done.added.length > 0) app.reading.wake()
  return done
}
