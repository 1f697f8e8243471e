import { requireScope } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { Page } from '../shapes.ts'
import { listOf, nothing } from '../told.ts'
import { InTask, Task, TaskChange } from './schema.ts'
import { tasksOf } from './store.ts'

export async function taskApi(app: App) {
  app.get(
    '/api/v1/tasks',
    {
      onRequest: requireScope('read'),
      schema: {
        summary: 'List your tasks',
        description: 'Open ones, done ones and dismissed ones.',
        querystring: Page,
        response: { 200: listOf(Task) }
      }
    },
    ({ user, query }) => tasksOf(user, app.db).list(query)
  )

  app.get(
    '/api/v1/tasks/:taskId',
    { onRequest: requireScope('read'), schema: { summary: 'Read a task', params: InTask, response: { 200: Task } } },
    ({ user, params }) => tasksOf(user, app.db).open(params.taskId)
  )

  app.patch(
    '/api/v1/tasks/:taskId',
    {
      onRequest: requireScope('write'),
      schema: {
        summary: 'Mark a task as open, done or dismissed',
        params: InTask,
        body: TaskChange,
        response: { 200: Task }
      }
    },
    ({ user, params, body }) => tasksOf(user, app.db).mark(params.taskId, body.status, app.now())
  )

  app.delete(
    '/api/v1/tasks/:taskId',
    {
      onRequest: requireScope('write'),
      schema: { summary: 'Delete a task', params: InTask, response: { 204: nothing('The task is gone.') } }
    },
    async ({ user, params }, reply) => {
      await tasksOf(user, app.db).remove(params.taskId)
      return reply.code(204).send()
    }
  )
}
