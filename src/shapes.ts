import { type Static, Type } from 'typebox'

const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'

/** Every id is one of ours or it names nothing. */
export const Id = Type.String({ pattern: uuid, says: 'This is not an id.' })
export const idOf = (what: string) => ({ ...Id, description: `The id of ${what}.` })
/** A workspace that something is to be in, as a body or a query names it. */
export const InWorkspaceOfMine = { ...idOf('the workspace'), says: 'Choose one of your workspaces.' }
/** For the examples in descriptions: the form of an id, of nothing. */
export const exampleId = '01900000-0000-7000-8000-000000000000'

const id = new RegExp(uuid)
export const isId = (text: string) => id.test(text)

/** What somebody who was invited may do; the owner is never one of them. */
export const GuestRole = Type.Union([Type.Literal('editor'), Type.Literal('viewer')], {
  says: 'Choose editor or viewer.',
  description: 'What they may do there: an editor adds and asks, a viewer reads and asks.'
})
export type GuestRole = Static<typeof GuestRole>

/** A page of a list: newest first, from behind the cursor on. */
export const Page = Type.Object({
  cursor: Type.Optional({ ...Id, description: 'Where to go on: next_cursor of the page before.' }),
  limit: Type.Integer({
    minimum: 1,
    maximum: 100,
    finite: true,
    default: 20,
    says: 'Ask for 1 to 100 at a time.',
    description: 'How many at most.'
  })
})

/** What a change is made of: a field that is not known is refused, or a slip of the pen would look like a change. */
export const changes = { additionalProperties: false, says: 'Send what is to change.' } as const

/** No control characters, no broken halves of characters, nothing that turns the direction of text around. */
const allowed = '[^\\p{Cc}\\p{Cs}\\u202A-\\u202E\\u2066-\\u2069]'
export const oneLine = `^${allowed}*$`
export const manyLines = `^(?:[\\n\\r\\t]|${allowed})*$`
