import { randomBytes } from 'node:crypto'
import { passwordHashing } from '../accounts/hashing.ts'
import { signUpSchema } from '../accounts/schema.ts'
import { refuseUnsuitable } from '../accounts/sign-up.ts'
import { createAccount } from '../accounts/store.ts'
import { usernameFrom } from '../accounts/username.ts'
import { recordEvent } from '../audit/store.ts'
import { inTransaction } from '../database/open.ts'
import { check } from '../plugins/validation.ts'
import { type Ask, asking } from './ask.ts'
import { command } from './command.ts'

const questions = [
  ['email', 'Email'],
  ['username', 'Username (empty: made from the email)'],
  ['first-name', 'First name'],
  ['last-name', 'Last name'],
  ['password', 'Password (empty: one is made)']
] as const

type Given = Partial<Record<(typeof questions)[number][0], string>>

async function fillIn(given: Given, ask: Ask) {
  for (const [name, question] of questions) given[name] ??= (await ask(question, name === 'password')) || undefined
}

/** Names may be left out here, because an administrator need not know them. */
function personFrom({ email = '', username, ...names }: Given, password: string) {
  const called = username ?? usernameFrom(email)
  const firstName = names['first-name'] ?? called.charAt(0).toUpperCase() + called.slice(1)
  const lastName = names['last-name']
  return { email, firstName, password, ...(username && { username }), ...(lastName && { lastName }) }
}

await command({
  help: `
npm run create-user -- --email EMAIL [--username NAME] [--first-name NAME] [--last-name NAME]
                       [--password PASSWORD] [--admin] [--interactive]

Makes an account by the same rules as the sign-up form, also while the server runs. Without a password one is made and
shown once. --admin makes an administrator, --interactive asks for whatever is not given.`,
  options: {
    email: { type: 'string' },
    username: { type: 'string' },
    'first-name': { type: 'string' },
    'last-name': { type: 'string' },
    password: { type: 'string' },
    admin: { type: 'boolean' },
    interactive: { type: 'boolean' }
  },
  async run({ db, config, values }) {
    const given = { ...values } as Given
    if (values.interactive) await asking((ask) => fillIn(given, ask))
    const made = given.password ? undefined : randomBytes(15).toString('base64url')

    const person = personFrom(given, given.password ?? (made as string))
    const schema = signUpSchema(config.passwordMinLength)
    check({ ...schema, required: ['email', 'firstName', 'password'] }, person)
    const whole = { lastName: '', ...person }
    refuseUnsuitable(whole, config.passwordMinLength)

    const passwordHash = await passwordHashing(config.hashMemoryMb).hash(person.password)
    const role = values.admin ? 'admin' : 'user'
    const account = await inTransaction(db, (tx) => createAccount(tx, { ...whole, passwordHash, role }, new Date()))
    await recordEvent(db, 'user.registered', { account: account.id, detail: { role, by: 'command' } }, new Date())
    const words = `Made ${role === 'admin' ? 'administrator' : 'account'} ${account.username} (${account.email}).`
    return made ? `${words} Password: ${made}` : words
  }
})
