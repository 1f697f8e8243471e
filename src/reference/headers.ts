import { json } from './content.ts'
import type { Schema } from './plain-schema.ts'

export type Header = { description: string; required: boolean; schema: Schema }

const number = { type: 'string', pattern: '^[0-9]+$' }
const types = { type: 'string', pattern: '^application/json, ' }
const always = (description: string, schema: Schema): Header => ({ description, required: true, schema })
const perhaps = (description: string, schema: Schema): Header => ({ description, required: false, schema })

const seconds = 'In how many seconds to try again.'
const challenge = { type: 'string', pattern: '^Bearer realm=' }
const tag = { type: 'string', pattern: '^"[\\w-]+"$' }

/** What may come with an answer beside its body. */
export const headers = {
  Limit: always('How many requests are taken in ten seconds.', number),
  Remaining: always('How many are left of them.', number),
  Reset: always('In how many seconds there are as many again.', number),
  RetryAfter: always(seconds, number),
  RetrySoon: perhaps(`${seconds} Where that alone helps.`, number),
  Challenge: always('What to show of who you are.', challenge),
  ChallengeForScope: perhaps('What to show of who you are, where a scope is missing.', challenge),
  Location: always('Where it is from now on, as a path.', { type: 'string', pattern: '^/api/v1/' }),
  Replayed: perhaps('That it was made before, and is only told again.', { type: 'string', enum: ['true'] }),
  AcceptPost: always('The types that are taken.', types),
  AcceptPatch: always('The types that are taken.', types),
  Tag: always('A tag of exactly this answer, for If-None-Match.', tag),
  TagOfWhole: perhaps('A tag of exactly this answer, for If-None-Match, where it came whole.', tag)
}

type Named = Record<string, keyof typeof headers>

const limits: Named = { 'RateLimit-Limit': 'Limit', 'RateLimit-Remaining': 'Remaining', 'RateLimit-Reset': 'Reset' }

/** Those of one answer; requests are counted by who asks, so where that cannot be told nothing is. */
function named(method: string, status: string, types: string[]): Named {
  if (status === '500') return {}
  if (status === '503') return { 'Retry-After': 'RetryAfter' }
  if (status === '429') return { ...limits, 'Retry-After': 'RetryAfter' }
  if (status === '409') return { ...limits, 'Retry-After': 'RetrySoon' }
  if (status === '401') return { ...limits, 'WWW-Authenticate': 'Challenge' }
  if (status === '403') return { ...limits, 'WWW-Authenticate': 'ChallengeForScope' }
  if (status === '201') return { ...limits, Location: 'Location', 'Idempotency-Replayed': 'Replayed' }
  if (status === '415' && method === 'POST') return { ...limits, 'Accept-Post': 'AcceptPost' }
  if (status === '415' && method === 'PATCH') return { ...limits, 'Accept-Patch': 'AcceptPatch' }
  const tagged = status === '304' || (method === 'GET' && status === '200' && types.includes(json))
  return { ...limits, ...(tagged && { ETag: types.length > 1 ? 'TagOfWhole' : 'Tag' }) }
}

export const headersOf = (method: string, status: string, types: string[]): Record<string, { $ref: string }> =>
  Object.fromEntries(
    Object.entries(named(method, status, types)).map(([name, key]) => [name, { $ref: `#/components/headers/${key}` }])
  )

const key = {
  name: 'Idempotency-Key',
  description:
    'A text of your own for this request. What was made is told again, and not made again, when it is sent once more within a day.',
  schema: { type: 'string', pattern: '^(?=.*\\S)[\\x20-\\x7e]{1,255}$' }
}
const known = {
  name: 'If-None-Match',
  description: 'The ETag of the answer you have. Where that is still right, nothing but a 304 is sent.',
  schema: { type: 'string' }
}

/** What a program may send along with a request beside who it is, where the answers show that it counts. */
export function sentAlong(answers: object) {
  const sent = [...('304' in answers ? [known] : []), ...('422' in answers ? [key] : [])]
  return sent.map((one) => ({ ...one, in: 'header' as const, required: false }))
}
