import { Type } from 'typebox'
import { changes, exampleId, Id, InWorkspaceOfMine, idOf, manyLines, oneLine, Page } from '../shapes.ts'
import { TagNames, TagText } from '../tags/name.ts'

const longestQuestion = 10_000

export const Asking = Type.String({
  trim: true,
  minLength: 1,
  maxLength: longestQuestion,
  pattern: manyLines,
  says: `Ask something, in up to ${longestQuestion.toLocaleString('en')} characters.`,
  description: 'What you ask.'
})

const Title = Type.String({
  trim: true,
  minLength: 1,
  maxLength: 200,
  pattern: oneLine,
  says: 'Give it a title of up to 200 characters.',
  description: 'What the chat is called; its first question, where nothing is said.'
})

export const Question = Type.Object({ question: Asking, tags: Type.Optional(TagText) })
export const Rename = Type.Object({ title: Title })
export const InChat = Type.Object({ workspaceId: Id, chatId: Id })
export const InAnswer = Type.Object({ workspaceId: Id, chatId: Id, messageId: Id })

export const NewChat = Type.Object(
  { workspace_id: InWorkspaceOfMine, title: Type.Optional(Title) },
  { says: 'Send a JSON object.', examples: [{ workspace_id: exampleId, title: 'The deposit' }] }
)
export const ChatChange = Type.Object({ title: Title }, { ...changes, examples: [{ title: 'The deposit' }] })
export const NewMessage = Type.Object(
  {
    content: Asking,
    tags: Type.Optional({ ...TagNames, description: 'Only documents with one of these tags of yours are used.' })
  },
  { says: 'Send a JSON object.', examples: [{ content: 'How much is the deposit?', tags: ['flat'] }] }
)
const chatId = idOf('the chat')
export const OneChat = Type.Object({ chatId })
export const OneAnswer = Type.Object({ chatId, messageId: idOf('the answer') })

/** Anything may be sought; what is too long to mean something is cut, not refused. */
const q = Type.String({ default: '', description: 'Words that are in the title or in a question or answer.' })
export const ChatsHere = Type.Object({ ...Page.properties, q })
export const ChatList = Type.Object({
  ...Page.properties,
  q,
  workspace_id: Type.Optional({ ...Id, description: 'Only those in this workspace.' })
})
/** A chat is shown from its end, perhaps with a prompt in the box; or what is before one of its questions, or ends at one. */
export const Place = Type.Object({ before: Type.Optional(Id), at: Type.Optional(Id), prompt: Type.Optional(Id) })
