import { Type } from 'typebox'
import { changes, GuestRole, Id, idOf, manyLines, oneLine, Page } from '../shapes.ts'
import { flag, moment, oneOf, text } from '../told.ts'

export const NewWorkspace = Type.Object(
  {
    name: Type.String({
      trim: true,
      minLength: 1,
      maxLength: 300,
      pattern: oneLine,
      says: 'Give it a name of up to 300 characters.',
      description: 'What it is called.'
    }),
    description: Type.Optional(
      Type.String({
        trim: true,
        maxLength: 2000,
        pattern: manyLines,
        says: 'Keep the description under 2000 characters.',
        description: 'What it is for.'
      })
    )
  },
  { examples: [{ name: 'The flat', description: 'Lease, deposit, letters.' }] }
)

export const WorkspaceChange = Type.Partial(NewWorkspace, {
  ...changes,
  minProperties: 1,
  examples: [{ name: 'The old flat' }]
})

const workspaceId = idOf('the workspace')
export const InWorkspace = Type.Object({ workspaceId })
/** What of a workspace is shown: its documents from a cursor on, perhaps those of one tag; its members likewise; and a prompt in the box. */
export const InsideQuery = Type.Object({
  ...Page.properties,
  tag: Type.Optional(Id),
  members: Type.Optional(Id),
  prompt: Type.Optional(Id)
})
export const InMembership = Type.Object({ workspaceId, accountId: idOf("the member's account") })
export const MemberRole = Type.Object({ role: GuestRole }, { ...changes, examples: [{ role: 'viewer' }] })

export const roles = ['owner', 'editor', 'viewer'] as const

/** A workspace as the API tells it. */
export const Workspace = Type.Object(
  {
    id: workspaceId,
    name: text('What it is called.'),
    description: text('What it is for; empty where nothing was said.'),
    created_at: moment('When it was made'),
    updated_at: moment('When its name or description was changed last'),
    role: oneOf(roles, 'What you may do there: an owner everything, an editor add and ask, a viewer read and ask.'),
    is_room: flag('Whether it is the private room that comes with an account.')
  },
  { title: 'Workspace' }
)

export const Member = Type.Object(
  {
    account_id: idOf('their account'),
    username: text('Their username.'),
    display_name: text('Their first and last name.'),
    role: oneOf(roles, 'What they may do there.'),
    joined_at: moment('When they joined')
  },
  { title: 'Member' }
)

export const RoleOfMember = Type.Object(
  { account_id: idOf('their account'), role: oneOf(roles, 'What they may do there from now on.') },
  { title: 'RoleOfMember' }
)
