import { type Static, Type } from 'typebox'

const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'

/** Every id is one of ours or it names nothing. */
export const Id = Type.String({ pattern: uuid, says: 'This is not an id.' })

const id = new RegExp(uuid)
export const isId = (text: string) => id.test(text)

/** What somebody who was invited may do; the owner is never one of them. */
export const GuestRole = Type.Union([Type.Literal('editor'), Type.Literal('viewer')], {
  says: 'Choose editor or viewer.'
})
export type GuestRole = Static<typeof GuestRole>

/** A page of a list: newest first, from behind the cursor on. */
export const Page = Type.Object({
  cursor: Type.Optional(Id),
  limit: Type.Integer({ minimum: 1, maximum: 100, finite: true, default: 20, says: 'Ask for 1 to 100 at a time.' })
})

/** What a change is made of: a field that is not known is refused, or a slip of the pen would look like a change. */
export const changes = { additionalProperties: false, says: 'Send what is to change.' } as const

/** No control characters, no broken halves of characters, nothing that turns the direction of text around. */
const allowed = '[^\\p{Cc}\\p{Cs}\\u202A-\\u202E\\u2066-\\u2069]'
export const oneLine = `^${allowed}*$`
export const manyLines = `^(?:[\\n\\r\\t]|${allowed})*$`
