import { emailPattern } from '../accounts/schema.ts'
import { usernameFrom } from '../accounts/username.ts'

/** Who somebody is elsewhere, in our terms. */
export type Who = {
  issuer: string
  subject: string
  /** Undefined where there is none, or none that could be an address here. */
  email: string | undefined
  /** Whether the provider says that the address is theirs. */
  verified: boolean
  firstName: string
  lastName: string
}

export type Claims = Record<string, unknown>

const address = new RegExp(emailPattern, 'u')
const longestName = 100

function emailIn({ email }: Claims): string | undefined {
  const plain = typeof email === 'string' ? email.trim().toLowerCase() : ''
  return plain.length <= 254 && address.test(plain) ? plain : undefined
}

/** A name as the form would take it; whatever the form would refuse in it is left out. */
function tidy(name: unknown): string {
  if (typeof name !== 'string') return ''
  const plain = name.replaceAll(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069\s]+/gu, ' ').trim()
  return [...plain].slice(0, longestName).join('').trim()
}

/** The names given, else the whole name in two, else one made of the address, as the command makes it. */
function namesIn(claims: Claims, email: string | undefined) {
  const [given, family, whole] = [tidy(claims.given_name), tidy(claims.family_name), tidy(claims.name)]
  if (given) return { firstName: given, lastName: family }
  const cut = whole.lastIndexOf(' ')
  if (whole)
    return cut < 0
      ? { firstName: whole, lastName: family }
      : { firstName: whole.slice(0, cut), lastName: whole.slice(cut + 1) }
  const called = usernameFrom(email ?? '')
  return { firstName: called.charAt(0).toUpperCase() + called.slice(1), lastName: family }
}

/** What a provider has said of somebody. An address counts as theirs only by the plain word of the same source. */
export function whoFrom(issuer: string, subject: string, claims: Claims): Who {
  const email = emailIn(claims)
  return { issuer, subject, email, verified: claims.email_verified === true, ...namesIn(claims, email) }
}
