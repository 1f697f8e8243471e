import { Type } from 'typebox'
import { changes, GuestRole, Id, manyLines, oneLine, Page } from '../shapes.ts'

export const Workspace = Type.Object({
  name: Type.String({
    trim: true,
    minLength: 1,
    maxLength: 300,
    pattern: oneLine,
    says: 'Give it a name of up to 300 characters.'
  }),
  description: Type.Optional(
    Type.String({
      trim: true,
      maxLength: 2000,
      pattern: manyLines,
      says: 'Keep the description under 2000 characters.'
    })
  )
})

export const WorkspaceChange = Type.Partial(Workspace, { ...changes, minProperties: 1 })

export const InWorkspace = Type.Object({ workspaceId: Id })
/** What of a workspace is shown: its documents from a cursor on, perhaps those of one tag; its members likewise. */
export const InsideQuery = Type.Object({
  ...Page.properties,
  tag: Type.Optional(Id),
  members: Type.Optional(Id)
})
export const InMembership = Type.Object({ workspaceId: Id, accountId: Id })
export const MemberRole = Type.Object({ role: GuestRole }, changes)
