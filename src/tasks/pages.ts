import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { InTask, TaskChange } from './schema.ts'
import { tasksOf } from './store.ts'

export async function taskPages(app: App) {
  app.get('/tasks', { onRequest: requireUser, schema: { querystring: Page } }, async ({ user, query }, reply) => {
    return reply.page('tasks/list', { tasks: await tasksOf(user, app.db).list(query) })
  })

  app.post(
    '/tasks/:taskId',
    { onRequest: requireUser, schema: { params: InTask, body: TaskChange } },
    async ({ user, params, body }, reply) => {
      await tasksOf(user, app.db).mark(params.taskId, body.status, app.now())
      return body.status === 'dismissed' ? reply.goTo('/', 'task-dismissed') : reply.goTo('/tasks')
    }
  )
}
