import type { FastifyRequest } from 'fastify'
import { forgetting } from '../memory/forgetting.ts'
import type { App } from '../plugins/app-type.ts'
import type { OwnWorkspace } from '../workspaces/store.ts'
import { type Receipt, removeDocument, removeWorkspace } from './removal.ts'
import { documentsOfWorkspace } from './searched.ts'
import type { ChangeableDocument } from './store.ts'

/** Deletes a document, by page or by API; once this is answered nothing of it is on the disk. */
export async function removing(app: App, request: FastifyRequest, document: ChangeableDocument): Promise<Receipt> {
  const { receipt, readers } = await removeDocument(document, app.db)
  await app.searching.bringUpToDate(documentsOfWorkspace(document.workspace_id))
  await forgetting(app, readers)
  await request.audit('document.deleted', { subject: document.id, detail: receipt })
  return receipt
}

export async function removingWorkspace(app: App, request: FastifyRequest, workspace: OwnWorkspace): Promise<Receipt> {
  const { receipt, readers } = await removeWorkspace(workspace, app.db)
  await forgetting(app, readers)
  await request.audit('workspace.deleted', { subject: workspace.id, detail: receipt })
  return receipt
}
