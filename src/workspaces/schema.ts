import { type Static, Type } from 'typebox'

const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const line = '^[^\\p{Cc}\\p{Cs}\\u202A-\\u202E\\u2066-\\u2069]*$'
const lines = '^(?:[\\n\\r\\t]|[^\\p{Cc}\\p{Cs}\\u202A-\\u202E\\u2066-\\u2069])*$'

/** Every id is one of ours or it names nothing. */
export const Id = Type.String({ pattern: uuid, says: 'This is not an id.' })

export const Workspace = Type.Object({
  name: Type.String({
    trim: true,
    minLength: 1,
    maxLength: 300,
    pattern: line,
    says: 'Give it a name of up to 300 characters.'
  }),
  description: Type.Optional(
    Type.String({ trim: true, maxLength: 2000, pattern: lines, says: 'Keep the description under 2000 characters.' })
  )
})

export const WorkspaceChange = Type.Partial(Workspace, { additionalProperties: false, minProperties: 1 })

export const InWorkspace = Type.Object({ workspaceId: Id })
export const InMembership = Type.Object({ workspaceId: Id, accountId: Id })
export const MemberRole = Type.Object({
  role: Type.Union([Type.Literal('editor'), Type.Literal('viewer')], { says: 'Choose editor or viewer.' })
})

/** A page of a list: newest first, from behind the cursor on. */
export const Page = Type.Object({
  cursor: Type.Optional(Id),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 })
})
export type Page = Static<typeof Page>
