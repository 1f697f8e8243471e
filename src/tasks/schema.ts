import { Type } from 'typebox'
import { changes, Id } from '../shapes.ts'

export const InTask = Type.Object({ taskId: Id })

export const TaskChange = Type.Object(
  {
    status: Type.Union([Type.Literal('open'), Type.Literal('done'), Type.Literal('dismissed')], {
      says: 'Choose open, done or dismissed.'
    })
  },
  changes
)
