import { Type } from 'typebox'
import { idOf, oneLine } from '../shapes.ts'
import { count, flag, moment, oneOf, text } from '../told.ts'

const login = { trim: true, maxLength: 254, pattern: oneLine, says: 'Enter your email or username.' }
/** As it is typed to be compared; what no password could be is only a wrong one. */
export const typedPassword = Type.String({ says: 'Enter your password.' })

export const SignInForm = Type.Object({
  email: Type.String(login),
  password: typedPassword,
  remember: Type.Optional(Type.Unknown()),
  next: Type.Optional(Type.Unknown())
})

export const SignInJson = Type.Object(
  {
    email: Type.Optional(Type.String({ ...login, description: 'Your email address; this or the username is needed.' })),
    username: Type.Optional(Type.String({ ...login, description: 'Your username.' })),
    password: { ...typedPassword, description: 'Your password.' },
    remember: Type.Boolean({ default: true, description: 'Whether it is to last 7 days, or else 12 hours.' })
  },
  { examples: [{ username: 'ann', password: 'four unrelated words' }] }
)

export const NextQuery = Type.Object({ next: Type.Optional(Type.Unknown()) })
export const InSession = Type.Object({ sessionId: idOf('the session') })

export const Token = Type.Object(
  {
    access_token: text('What to send from now on, as Authorization: Bearer followed by this.'),
    token_type: oneOf(['bearer'], 'How it is sent.'),
    expires_in: count('For how many seconds it works at most.')
  },
  { title: 'Token' }
)

/** A session as the API tells it. */
export const Session = Type.Object(
  {
    id: idOf('the session'),
    address: text('The network address it was begun from.'),
    created_at: moment('When it was begun'),
    last_seen_at: moment('When it was used last, to about a minute'),
    expires_at: moment('When it ends at the latest'),
    device: text('The browser or program it was begun with, such as Firefox on Linux.'),
    current: flag('Whether it is the one that asks.')
  },
  { title: 'Session' }
)
