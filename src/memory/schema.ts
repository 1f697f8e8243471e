import { Type } from 'typebox'
import { changes, Id, idOf, manyLines, Page } from '../shapes.ts'
import { moment, nullable, oneOf, text as plain } from '../told.ts'
import { Wishes } from './preferences.ts'

const text = Type.String({
  trim: true,
  minLength: 1,
  maxLength: 500,
  pattern: manyLines,
  says: 'Write something, in up to 500 characters.',
  description: 'What is to be remembered, as you would say it.'
})
const kind = Type.Union([Type.Literal('fact'), Type.Literal('preference')], {
  says: 'Choose fact or preference.',
  description: 'A fact about you, or how you want answers; Carrel judges by the text where it is left out.'
})

const says = 'Send a form or a JSON object.'

const examples = [{ text: 'I rent a flat in Leeds.' }]

export const NewMemory = Type.Object({ text, kind: Type.Optional(kind) }, { says, examples })
export const MemoryChange = Type.Object({ text }, { ...changes, examples })
export const InMemory = Type.Object({ memoryId: idOf('the memory') })
/** What is found is as much as a page shows, the best first; there are no further pages of it. */
export const MemoryList = Type.Object({
  ...Page.properties,
  q: Type.String({ default: '', description: 'What to look for; all of them where it is left out.' })
})
export const ForgetOne = Type.Object({ next: Type.Optional(Type.Unknown()) })

export const MemorySettings = Type.Object(
  {
    memory: Type.Union([Type.Literal('on'), Type.Literal('off')], { says: 'Choose on or off.' }),
    ...Wishes.properties
  },
  { says }
)

/** A memory as the API tells it. */
export const Memory = Type.Object(
  {
    id: idOf('the memory'),
    kind: oneOf(
      ['exchange', 'fact', 'preference'],
      'A question with its answer, a fact about you, or how you want answers.'
    ),
    text: plain('What you said or asked, in your own words.'),
    workspace_id: nullable({
      ...Id,
      description: 'The workspace it was said in; null where that is gone or was none.'
    }),
    created_at: moment('When it was first kept'),
    updated_at: moment('When it was changed or said again last'),
    message_id: nullable({ ...Id, description: 'The message it was said in; null where that is gone or was none.' }),
    chat_id: nullable({ ...Id, description: 'The chat that message stands in.' }),
    gist: nullable(plain('What was answered, in short; null where there is no answer.'))
  },
  { title: 'Memory' }
)
