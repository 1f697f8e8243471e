import { Type } from 'typebox'
import { Email } from '../accounts/schema.ts'
import { GuestRole, Id } from '../shapes.ts'

export const Invitation = Type.Object(
  {
    workspace_id: { ...Id, says: 'Choose one of your workspaces.' },
    role: GuestRole,
    email: Type.Optional(Email),
    uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, says: 'Choose from 1 to 100 uses.' }))
  },
  { says: 'Send a form or a JSON object.' }
)

export const Acceptance = Type.Object({
  code: Type.String({ trim: true, minLength: 1, maxLength: 400, says: 'Paste the link or the code you were given.' })
})

export const InInvite = Type.Object({ inviteId: Id })
