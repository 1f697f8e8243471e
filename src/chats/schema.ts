import { Type } from 'typebox'
import { Id, manyLines, oneLine, Page } from '../shapes.ts'
import { TagText } from '../tags/name.ts'

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
export const ChatChange = Type.Object({ title: Title }, { additionalProperties: false })
export const NewMessage = Type.Object({ content: Asking }, { says: 'Send a JSON object.' })
export const OneChat = Type.Object({ chatId: Id })
export const ChatList = Type.Object({ ...Page.properties, workspace_id: Type.Optional(Id) })
