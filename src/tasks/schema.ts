import { Type } from 'typebox'
import { changes, idOf } from '../shapes.ts'
import { moment, oneOf, text } from '../told.ts'
import { taskKinds } from './onboarding.ts'

export const InTask = Type.Object({ taskId: idOf('the task') })

export const TaskChange = Type.Object(
  {
    status: Type.Union([Type.Literal('open'), Type.Literal('done'), Type.Literal('dismissed')], {
      says: 'Choose open, done or dismissed.',
      description: 'How it is to stand: a dismissed task is one that was never done and is not wanted.'
    })
  },
  { ...changes, examples: [{ status: 'done' }] }
)

/** A task as the API tells it. */
export const Task = Type.Object(
  {
    id: idOf('the task'),
    kind: oneOf(taskKinds, 'Which of the tasks it is.'),
    status: oneOf(['open', 'done', 'dismissed'], 'How it stands.'),
    title: text('What is to be done, in a few words.'),
    text: text('Why, in a sentence or two.'),
    action: text('What the link to it says.'),
    href: text('The page where it is done, as a path.'),
    created_at: moment('When it was given')
  },
  { title: 'Task' }
)
