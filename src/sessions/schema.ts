import { Type } from 'typebox'
import { idOf, oneLine } from '../shapes.ts'
import { count, flag, moment, nullable, oneOf, text } from '../told.ts'

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

/** Whatever it is, it is only looked up; what is no token of ours is an unknown one. */
export const RefreshJson = Type.Object(
  { refresh_token: Type.String({ says: 'Give the refresh token.', description: 'The one you were given last.' }) },
  { examples: [{ refresh_token: 'crr_…' }] }
)

export const NextQuery = Type.Object({ next: Type.Optional(Type.Unknown()) })
export const InSession = Type.Object({ sessionId: idOf('the session') })

export const Token = Type.Object(
  {
    access_token: text('What to send from now on, as Authorization: Bearer followed by this.'),
    token_type: oneOf(['bearer'], 'How it is sent.'),
    expires_in: count('For how many seconds it works at most.'),
    refresh_token: Type.Optional(text('What to renew it with, once; left out where the session is not to last.'))
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
    idle_until: nullable(moment('When it ends unless it is used before, or null if it lasts')),
    kind: oneOf(['browser', 'program'], 'Whether it is a browser, or a program that signed in for a token.'),
    device: text('The browser or program it was begun with, such as Firefox on Linux.'),
    current: flag('Whether it is the one that asks.')
  },
  { title: 'Session' }
)
