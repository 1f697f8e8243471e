import { Type } from 'typebox'
import { idOf } from '../shapes.ts'
import { moment, nullable, text } from '../told.ts'

export const InIdentity = Type.Object({ identityId: idOf('the sign-in elsewhere') })

/** A sign-in elsewhere as the API tells it. */
export const Identity = Type.Object(
  {
    id: idOf('the sign-in elsewhere'),
    issuer: text('Who vouches for it, as an address.'),
    email: nullable(text('The email address it came with; null where it came with none.')),
    created_at: moment('When it was linked'),
    last_used_at: moment('When somebody signed in with it last')
  },
  { title: 'Identity' }
)
