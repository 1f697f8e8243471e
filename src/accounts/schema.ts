import { type Static, Type } from 'typebox'
import { typedPassword } from '../sessions/schema.ts'
import { changes, oneLine } from '../shapes.ts'

const label = '[\\p{L}\\p{N}]+(?:-+[\\p{L}\\p{N}]+)*'
const local = '[^\\s@\\p{Cc}\\p{Cs}<>"\\(\\),;:\\[\\]\\\\]{1,64}'

const name = (says: string) => Type.String({ trim: true, minLength: 1, maxLength: 100, pattern: oneLine, says })

export const emailPattern = `^${local}@(?:${label}\\.)+${label}$`

export const Email = Type.String({
  trim: true,
  lower: true,
  maxLength: 254,
  pattern: emailPattern,
  says: 'Enter an email address, such as ann@example.com.'
})

export const Username = Type.String({
  trim: true,
  lower: true,
  pattern: '^(?:[a-zA-Z0-9._\\-]{3,32})?$',
  says: 'Use 3 to 32 letters, digits, dots, dashes or underscores.'
})

const firstName = name('Enter your first name, up to 100 characters.')
const lastName = name('Enter your last name, up to 100 characters.')

/** What a person may change of themselves; the same rules, but nobody is left without a username. */
export const Profile = Type.Object({
  firstName,
  lastName,
  username: Type.String({ ...Username, pattern: '^[a-zA-Z0-9._\\-]{3,32}$' })
})
export const ProfileChange = Type.Partial(Profile, { ...changes, minProperties: 1 })

const newPassword = (passwordMinLength: number) =>
  Type.String({
    minLength: passwordMinLength,
    maxLength: 128,
    says: `At least ${passwordMinLength} characters, at most 128.`,
    requirements: `At least ${passwordMinLength} characters`
  })

/** Whoever has no password yet has no current one to show. */
export const passwordChangeSchema = (passwordMinLength: number) =>
  Type.Object({ current_password: Type.Optional(typedPassword), password: newPassword(passwordMinLength) }, changes)

/** The schema of a new account: of the form, of the JSON API, of the command, and of the hints in the browser. */
export const signUpSchema = (passwordMinLength: number) =>
  Type.Object(
    {
      firstName,
      lastName,
      email: Email,
      username: Type.Optional(Username),
      password: newPassword(passwordMinLength),
      context: Type.Optional(Type.Object({}, { additionalProperties: true, says: 'Context must be a JSON object.' })),
      website: Type.Optional(Type.Unknown()),
      next: Type.Optional(Type.Unknown()),
      inviteCode: Type.Optional(Type.String({ maxLength: 100, says: 'This is not an invite code.' }))
    },
    { says: 'Send a form or a JSON object.' }
  )

export type Profile = Static<typeof Profile>
export type PasswordChange = Static<ReturnType<typeof passwordChangeSchema>>
export type SignUp = Static<ReturnType<typeof signUpSchema>>
