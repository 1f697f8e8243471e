import type { Route } from '../plugins/route-table.ts'
import type { Parameter } from './operation.ts'
import type { Schema } from './plain-schema.ts'

/** Only named where it comes; what it is stands once in the document. */
export type Headers = Record<string, { $ref: string }>

const text = (description: string) => ({ description, schema: { type: 'string' } })
const number = (description: string) => ({ description, schema: { type: 'integer' } })

export const headers = {
  'RateLimit-Limit': number('How many requests are taken in one stretch of time.'),
  'RateLimit-Remaining': number('How many of them are left.'),
  'RateLimit-Reset': number('In how many seconds the next stretch begins.'),
  ETag: text('Names exactly this answer; for If-None-Match.'),
  Location: text('Where it can be read from now on.'),
  'WWW-Authenticate': text('How to show who one is.'),
  'Retry-After': number('In how many seconds to try again.')
}

const always = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']
const byStatus: Record<string, string[]> = {
  201: ['Location'],
  304: ['ETag'],
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After']
}

/** The headers that come with an answer of this status. */
export function answerHeaders(method: string, status: string): Headers {
  const own = method === 'GET' && status === '200' ? ['ETag'] : byStatus[status]
  const names = [...always, ...(own ?? [])]
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

const header = (name: string, description: string, rules: Schema = {}): Parameter => ({
  ...{ name, in: 'header', required: false, description },
  schema: { type: 'string', ...rules }
})
const ifNoneMatch = header('If-None-Match', 'The ETag of the answer you have: 304 says that it is still right.')
const idempotencyKey = header(
  'Idempotency-Key',
  'A name of your own for this request: sent again within a day it makes nothing more and is answered the same.',
  { minLength: 1, maxLength: 255 }
)

/** The headers that a request may come with, beside those that say who asks. */
export function requestHeaders({ method, schema }: Route): Parameter[] {
  if (method === 'GET') return [ifNoneMatch]
  return method === 'POST' && '201' in (schema.response as object) ? [idempotencyKey] : []
}
