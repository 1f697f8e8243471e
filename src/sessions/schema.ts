import { Type } from 'typebox'
import { Id, oneLine } from '../shapes.ts'

const login = { trim: true, maxLength: 254, pattern: oneLine, says: 'Enter your email or username.' }
/** As it is typed to be compared; what no password could be is only a wrong one. */
export const typedPassword = Type.String({ says: 'Enter your password.' })

export const SignInForm = Type.Object({
  email: Type.String(login),
  password: typedPassword,
  remember: Type.Optional(Type.Unknown()),
  next: Type.Optional(Type.Unknown())
})

export const SignInJson = Type.Object({
  email: Type.Optional(Type.String(login)),
  username: Type.Optional(Type.String(login)),
  password: typedPassword,
  remember: Type.Boolean({ default: true })
})

/** Whatever it is, it is only looked up; what is no token of ours is an unknown one. */
export const RefreshJson = Type.Object({ refresh_token: Type.String({ says: 'Give the refresh token.' }) })

export const NextQuery = Type.Object({ next: Type.Optional(Type.Unknown()) })
export const InSession = Type.Object({ sessionId: Id })
