import { Type } from 'typebox'
import { changes, Id, manyLines, Page } from '../shapes.ts'
import { Wishes } from './preferences.ts'

const text = Type.String({
  trim: true,
  minLength: 1,
  maxLength: 500,
  pattern: manyLines,
  says: 'Write something, in up to 500 characters.'
})
const kind = Type.Union([Type.Literal('fact'), Type.Literal('preference')], { says: 'Choose fact or preference.' })

const says = 'Send a form or a JSON object.'

export const NewMemory = Type.Object({ text, kind: Type.Optional(kind) }, { says })
export const MemoryChange = Type.Object({ text }, changes)
export const InMemory = Type.Object({ memoryId: Id })
/** What is found is as much as a page shows, the best first; there are no further pages of it. */
export const MemoryList = Type.Object({ ...Page.properties, q: Type.String({ default: '' }) })
export const ForgetOne = Type.Object({ next: Type.Optional(Type.Unknown()) })

export const MemorySettings = Type.Object(
  {
    memory: Type.Union([Type.Literal('on'), Type.Literal('off')], { says: 'Choose on or off.' }),
    ...Wishes.properties
  },
  { says }
)
