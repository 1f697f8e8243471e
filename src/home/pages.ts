import { latestChats } from '../chats/mine.ts'
import { anyone } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { tasksOf } from '../tasks/store.ts'
import { workspacesOf } from '../workspaces/store.ts'

const shownWorkspaces = 20
const shownChats = 5

export async function homePages(app: App) {
  app.get('/', { onRequest: anyone }, async ({ viewer }, reply) => {
    if (!viewer) return reply.page('home/landing')
    const workspaces = await workspacesOf(viewer, app.db).list({ limit: shownWorkspaces })
    const tasks = await tasksOf(viewer, app.db).listOpen()
    const chats = await latestChats(viewer, shownChats, app.db)
    return reply.page('home/desk', { workspaces, tasks, chats })
  })
}
