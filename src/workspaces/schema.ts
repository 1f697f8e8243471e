import { Type } from 'typebox'
import { GuestRole, Id, manyLines, oneLine } from '../shapes.ts'

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

export const WorkspaceChange = Type.Partial(Workspace, { additionalProperties: false, minProperties: 1 })

export const InWorkspace = Type.Object({ workspaceId: Id })
export const InMembership = Type.Object({ workspaceId: Id, accountId: Id })
export const MemberRole = Type.Object({ role: GuestRole })
