import { type Static, Type } from 'typebox'
import { typedPassword } from '../sessions/schema.ts'
import { changes, idOf, oneLine } from '../shapes.ts'
import { anything, flag, moment, nullable, oneOf, text } from '../told.ts'

const label = '[\\p{L}\\p{N}]+(?:-+[\\p{L}\\p{N}]+)*'
const local = '[^\\s@\\p{Cc}\\p{Cs}<>"\\(\\),;:\\[\\]\\\\]{1,64}'

const name = (says: string, description: string) =>
  Type.String({ trim: true, minLength: 1, maxLength: 100, pattern: oneLine, says, description })

export const emailPattern = `^${local}@(?:${label}\\.)+${label}$`

export const Email = Type.String({
  trim: true,
  lower: true,
  maxLength: 254,
  pattern: emailPattern,
  says: 'Enter an email address, such as ann@example.com.',
  description: 'An email address.'
})

export const Username = Type.String({
  trim: true,
  lower: true,
  pattern: '^(?:[a-zA-Z0-9._\\-]{3,32})?$',
  says: 'Use 3 to 32 letters, digits, dots, dashes or underscores.',
  description: 'What you sign in with beside your email address; made from that where it is left out.'
})

const firstName = name('Enter your first name, up to 100 characters.', 'Your first name.')
const lastName = name('Enter your last name, up to 100 characters.', 'Your last name.')

/** What a person may change of themselves; the same rules, but nobody is left without a username. */
export const Profile = Type.Object({
  firstName,
  lastName,
  username: Type.String({
    ...Username,
    pattern: '^[a-zA-Z0-9._\\-]{3,32}$',
    description: 'What you sign in with beside your email address.'
  })
})
export const ProfileChange = Type.Partial(Profile, {
  ...changes,
  minProperties: 1,
  examples: [{ firstName: 'Ann' }]
})

const newPassword = (passwordMinLength: number) =>
  Type.String({
    minLength: passwordMinLength,
    maxLength: 128,
    says: `At least ${passwordMinLength} characters, at most 128.`,
    requirements: `At least ${passwordMinLength} characters`,
    description: 'A password that is not in common use; any characters may be in it.'
  })

/** Whoever has no password yet has no current one to show. */
export const passwordChangeSchema = (passwordMinLength: number) =>
  Type.Object(
    {
      current_password: Type.Optional({ ...typedPassword, description: 'The one you have, if you have one.' }),
      password: newPassword(passwordMinLength)
    },
    { ...changes, examples: [{ current_password: 'four unrelated words', password: 'five words that are new' }] }
  )

/** The schema of a new account: of the form, of the JSON API, of the command, and of the hints in the browser. */
export const signUpSchema = (passwordMinLength: number) =>
  Type.Object(
    {
      firstName,
      lastName,
      email: Email,
      username: Type.Optional(Username),
      password: newPassword(passwordMinLength),
      context: Type.Optional(
        Type.Object(
          {},
          {
            additionalProperties: true,
            says: 'Context must be a JSON object.',
            description: 'Whatever is to be kept with the account, such as preferences; up to 4 KB of JSON.'
          }
        )
      ),
      website: Type.Optional(Type.Unknown({ description: 'Leave it out: whoever fills it in is taken for a robot.' })),
      next: Type.Optional(
        Type.Unknown({ description: 'The page to go to after signing up, as a path; for the form.' })
      ),
      inviteCode: Type.Optional(
        Type.String({
          maxLength: 100,
          says: 'This is not an invite code.',
          description: 'The code of an invite, where only the invited may join.'
        })
      )
    },
    {
      says: 'Send a form or a JSON object.',
      examples: [{ firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password: 'four unrelated words' }]
    }
  )

export type Profile = Static<typeof Profile>
export type PasswordChange = Static<ReturnType<typeof passwordChangeSchema>>
export type SignUp = Static<ReturnType<typeof signUpSchema>>

const about = {
  username: text('What they are called here.'),
  firstName: text('Their first name.'),
  lastName: text('Their last name.'),
  displayName: text('Both names.'),
  room: nullable(
    Type.Object(
      { roomId: idOf('the workspace that is their private room'), name: text('What it is called.') },
      { description: 'Their private room.' }
    )
  ),
  context: anything('What was kept with the account.')
}
const id = idOf('the account')
const email = text('Their email address.')

const Newcomer = Type.Object({ id, email, ...about }, { title: 'Newcomer' })

export const SignedUp = Type.Object(
  {
    success: flag('True.'),
    user: Type.Optional({ ...Newcomer, description: 'The new account; left out where it is to be confirmed by mail.' }),
    token: Type.Optional(text('A token for the API, to be sent as Authorization: Bearer followed by this.')),
    message: Type.Optional(text('What to do now, where the account is to be confirmed by mail.'))
  },
  { title: 'SignedUp' }
)

/** An account as a program may see it: which of this it is told depends on its scopes. */
export const Account = Type.Object(
  {
    id,
    email: Type.Optional({ ...email, description: 'Their email address, for the scope email.' }),
    ...Type.Partial(
      Type.Object({
        ...about,
        role: oneOf(['user', 'admin'], 'Whether they look after this Carrel.'),
        created_at: moment('When the account was made')
      })
    ).properties
  },
  { title: 'Account' }
)

export const OwnUsername = Type.Object({ username: text('Your username.') }, { title: 'OwnUsername' })
