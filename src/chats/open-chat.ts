import type { FastifyRequest } from 'fastify'
import type { App } from '../plugins/app-type.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { chatsIn } from './store.ts'

type Params = { workspaceId: string; chatId: string }

/** The workspace that a page's address names, and its reader's own chats in it. */
export async function chatsAt(app: App, request: FastifyRequest) {
  const { user, params } = request
  const workspace = await workspacesOf(user, app.db).open((params as Params).workspaceId)
  return { user, workspace, chats: chatsIn(workspace, user, app.db) }
}

/** The chat that a page's address names, as its owner may open it. */
export async function chatAt(app: App, request: FastifyRequest) {
  const { user, workspace, chats } = await chatsAt(app, request)
  return { user, workspace, chat: await chats.open((request.params as Params).chatId) }
}
