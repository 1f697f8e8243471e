import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
let common: Set<string> | undefined

/** Some fifty thousand passwords from leaks; read at the first sign-up rather than at the start. */
function isCommon(password: string): boolean {
  common ??= new Set(require('@zxcvbn-ts/language-common/src/passwords.json') as string[])
  return common.has(password.toLowerCase())
}

export type Person = { email: string; username?: string | undefined; firstName: string; lastName: string }

/** Whether nothing is left of the password once the person's own words and some digits are taken away. */
function isOwnWord(password: string, { email, username, firstName, lastName }: Person): boolean {
  const plain = password.toLowerCase()
  const bare = plain.replaceAll(/[^\p{L}]/gu, '')
  const words = [email, email.split('@')[0], username, firstName, lastName, firstName + lastName, lastName + firstName]
  return [...words, 'carrel'].some((word) => {
    const own = word?.toLowerCase() ?? ''
    const letters = own.replaceAll(/[^\p{L}]/gu, '')
    return own !== '' && (plain === own || (letters.length >= 3 && bare === letters))
  })
}

/** Why a password of the right length will not do, in words for the person; undefined when it will. */
export function passwordProblem(password: string, person: Person): string | undefined {
  if (isOwnWord(password, person)) return 'Choose something other than your own name, email or username, or ours.'
  if (isCommon(password)) return 'This password is on lists that attackers try first. A few unrelated words work well.'
}
