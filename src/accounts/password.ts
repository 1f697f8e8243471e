import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
let common: Set<string> | undefined

const lookalikes: Record<string, string> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i'
}
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qazwsxedcrfvtgbyhnujmikolp'
]
const runs = rows.flatMap((row) => [row.repeat(2), [...row].reverse().join('').repeat(2)])

/** Some fifty thousand passwords from leaks; read at the first sign-up rather than at the start. */
function isListed(plain: string): boolean {
  common ??= new Set(require('@zxcvbn-ts/language-common/src/passwords.json') as string[])
  return common.has(plain)
}

/** One that is on the list, or one that attackers make of it: up to four characters added, or look-alikes put in. */
function isCommon(password: string): boolean {
  const plain = password.toLowerCase()
  const core = plain.replace(/^[^\p{L}]{0,4}(?=\p{L})/u, '').replace(/[^\p{L}]{0,4}$/u, '')
  const letters = [...core].map((letter) => lookalikes[letter] ?? letter).join('')
  return [plain, core, letters].some(isListed)
}

/** One text over and over, or keys in a row; no list is long enough for all of these. */
function isRun(password: string): boolean {
  const plain = password.toLowerCase()
  return plain.length <= 20 && (/^(.{1,4}?)\1+$/su.test(plain) || runs.some((run) => run.includes(plain)))
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
  if (isCommon(password) || isRun(password))
    return 'This password is on lists that attackers try first. A few unrelated words work well.'
}
