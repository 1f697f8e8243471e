import { requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { InTask, TaskChange } from './schema.ts'
import { tasksOf } from './store.ts'

export async function taskApi(app: App) {
  app.get('/api/v1/tasks', { onRequest: requireScope('read'), schema: { querystring: Page } }, ({ user, query }) =>
    tasksOf(user, app.db).list(query)
  )

  app.get(
    '/api/v1/tasks/:taskId',
    { onRequest: requireScope('read'), schema: { params: InTask } },
    ({ user, params }) => tasksOf(user, app.db).open(params.taskId)
  )

  app.patch(
    '/api/v1/tasks/:taskId',
    { onRequest: requireScope('write'), schema: { params: InTask, body: TaskChange } },
    ({ user, params, body }) => tasksOf(user, app.db).mark(params.taskId, body.status, app.now())
  )

  app.delete(
    '/api/v1/tasks/:taskId',
    { onRequest: requireScope('write'), schema: { params: InTask } },
    async ({ user, params }, reply) => {
      await tasksOf(user, app.db).remove(params.taskId)
      return reply.code(204).send()
    }
  )
}
