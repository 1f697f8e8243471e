import { Type } from 'typebox'
import { changes, Id } from '../shapes.ts'
import { TagName } from './name.ts'

export const NewTag = Type.Object({ name: TagName }, { says: 'Send a form or a JSON object.' })
export const TagChange = Type.Object({ name: TagName }, changes)
export const InTag = Type.Object({ tagId: Id })
