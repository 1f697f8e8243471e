import { Type } from 'typebox'
import { changes, Id, manyLines, oneLine, Page } from '../shapes.ts'
import { TagNames, TagText } from '../tags/name.ts'

const longestQuestion = 10_000

export const Asking = Type.String({
  trim: true,
  minLength: 1,
  maxLength: longestQuestion,
  pattern: manyLines,
  says: `Ask something, in up to ${longestQuestion.toLocaleString('en')} characters.`
})

const Title = Type.String({
  trim: true,
  minLength: 1,
  maxLength: 200,
  pattern: oneLine,
  says: 'Give it a title of up to 200 characters.'
})

export const Question = Type.Object({ question: Asking, tags: Type.Optional(TagText) })
export const Rename = Type.Object({ title: Title })
export const InChat = Type.Object({ workspaceId: Id, chatId: Id })
export const InAnswer = Type.Object({ workspaceId: Id, chatId: Id, messageId: Id })

export const NewChat = Type.Object(
  { workspace_id: { ...Id, says: 'Choose one of your workspaces.' }, title: Type.Optional(Title) },
  { says: 'Send a JSON object.' }
)
export const ChatChange = Type.Object({ title: Title }, changes)
export const NewMessage = Type.Object(
  { content: Asking, tags: Type.Optional(TagNames) },
  { says: 'Send a JSON object.' }
)
export const OneChat = Type.Object({ chatId: Id })
export const OneAnswer = Type.Object({ chatId: Id, messageId: Id })

/** Anything may be sought; what is too long to mean something is cut, not refused. */
const q = Type.String({ default: '' })
export const ChatsHere = Type.Object({ ...Page.properties, q })
export const ChatList = Type.Object({ ...Page.properties, q, workspace_id: Type.Optional(Id) })
/** A chat is shown from its end; or what is before one of its questions, or ends at one. */
export const Place = Type.Object({ before: Type.Optional(Id), at: Type.Optional(Id) })
