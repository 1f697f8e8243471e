import { Type } from 'typebox'
import { Email } from '../accounts/schema.ts'
import { exampleId, GuestRole, InWorkspaceOfMine, idOf } from '../shapes.ts'
import { count, moment, nullable, oneOf, text } from '../told.ts'
import { roles } from '../workspaces/schema.ts'

export const Invitation = Type.Object(
  {
    workspace_id: InWorkspaceOfMine,
    role: GuestRole,
    email: Type.Optional({
      ...Email,
      description: 'Only the account of this address may accept; left out, anybody may.'
    }),
    uses: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        says: 'Choose from 1 to 100 uses.',
        description: 'How many people may join by it; one, where it is left out.'
      })
    )
  },
  {
    says: 'Send a form or a JSON object.',
    examples: [{ workspace_id: exampleId, role: 'viewer', email: 'bob@example.com' }]
  }
)

export const Acceptance = Type.Object(
  {
    code: Type.String({
      trim: true,
      minLength: 1,
      maxLength: 400,
      says: 'Paste the link or the code you were given.',
      description: 'The code of the invite, or the whole link.'
    })
  },
  { examples: [{ code: 'uQ2v0Q3cVn0m4c4b2k8mJ1v7h4s5t6u7w8x9y0z1a2b' }] }
)

export const InInvite = Type.Object({ inviteId: idOf('the invite') })

const role = oneOf(['editor', 'viewer'], 'What whoever accepts may do there.')
const expires_at = moment('Until when it works')
const workspace_id = idOf('the workspace it leads into')

/** An invite as the API tells it; its code was told once. */
export const Invite = Type.Object(
  {
    id: idOf('the invite'),
    workspace_id,
    workspace_name: text('What that is called.'),
    role,
    email: nullable(text('The address of who alone may accept; null where anybody may.')),
    uses: count('How many have joined by it, or have a place kept for them.'),
    max_uses: count('How many may.'),
    created_at: moment('When it was made'),
    expires_at
  },
  { title: 'Invite' }
)

export const NewInvite = Type.Object(
  {
    id: idOf('the invite'),
    code: text('What lets somebody in; it is told this once.'),
    role,
    expires_at,
    workspace_id,
    url: text('The link to send, with the code in it; it is told this once.')
  },
  { title: 'NewInvite' }
)

export const Joined = Type.Object(
  { workspace_id: idOf('the workspace you are in now'), role: oneOf(roles, 'What you may do there.') },
  { title: 'Joined' }
)
