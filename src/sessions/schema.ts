import { Type } from 'typebox'
import { Id, oneLine } from '../shapes.ts'

const login = { trim: true, maxLength: 254, pattern: oneLine, says: 'Enter your email or username.' }
const password = Type.String({ maxLength: 1024, says: 'Enter your password.' })

export const SignInForm = Type.Object({
  email: Type.String(login),
  password,
  remember: Type.Optional(Type.String()),
  next: Type.Optional(Type.String({ maxLength: 2048 }))
})

export const SignInJson = Type.Object({
  email: Type.Optional(Type.String(login)),
  username: Type.Optional(Type.String(login)),
  password,
  remember: Type.Boolean({ default: true })
})

export const NextQuery = Type.Object({ next: Type.Optional(Type.String()) })
export const InSession = Type.Object({ sessionId: Id })
