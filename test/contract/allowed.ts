import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from '../../src/reference/plain-schema.ts'
import type { Ids } from '../support/full-desk.ts'

/** A field of a body, with its value as JSON. */
export type Pair = [name: string, text: string]

const plain = [
  'Lease',
  'a',
  'Ann',
  'flat',
  'ann@example.com',
  'bob@example.com',
  '2030-01-31T00:00:00Z',
  'What is due?',
  '12'
]
const longer = ['four unrelated words', 'five words that are new', 'x'.repeat(50), '\u00e9\u{1f600}', 'two\nlines']

/** What may well be right in a field of this name; and addresses at which nobody lives, so that nobody is asked. */
const likely = ({ workspaceId = '', code = '', refreshToken = '' }: Ids): Record<string, string[]> => ({
  workspace_id: [workspaceId],
  code: [code],
  refresh_token: [refreshToken],
  username: ['ann', 'bob', 'ann.arbor', 'newcomer'],
  email: ['ann@example.com', 'newcomer@example.com', 'newcomer@example.org', '\u00e9@example.com'],
  password: ['four unrelated words', 'five words that are new'],
  current_password: ['four unrelated words', 'five words that are new'],
  url: ['', 'http://127.0.0.1:1/a', 'http://localhost/', 'javascript:alert(1)', 'file:///etc/passwd', '//a']
})

function fits({ pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Schema) {
  return (text: string) => {
    const { length } = [...text]
    return length >= minLength && length <= maxLength && (!pattern || new RegExp(pattern, 'u').test(text))
  }
}

/** What a schema allows, as it is written. */
export function allowed(schema: Schema, name: string, ids: Ids): Arbitrary<string> {
  if (schema.enum) return fc.constantFrom(...schema.enum.map((one) => JSON.stringify(one)))
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => allowed(one, name, ids)))
  if (schema.type === 'integer')
    return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 5 }).map((one) => `${one}`)
  if (schema.type === 'boolean') return fc.constantFrom('true', 'false')
  if (schema.type === 'null') return fc.constant('null')
  if (schema.type === 'array') {
    const { items = {}, minItems: minLength = 0 } = schema
    return fc.array(allowed(items, name, ids), { minLength, maxLength: 3 }).map((all) => `[${all.join(',')}]`)
  }
  if (schema.type === 'object')
    return schema.properties && Object.keys(schema.properties).length > 0
      ? fields(schema, ids).map(written)
      : fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }).map((one) => JSON.stringify(one))
  if (schema.type !== 'string') return fc.constant('null')
  const some = (likely(ids)[name] ?? [...plain, ...longer, ...Object.values(ids)]).filter(fits(schema))
  return fc.constantFrom(...some).map((one) => JSON.stringify(one))
}

/** The fields of a body that is allowed: all that are needed, and some of the rest. */
export function fields({ properties = {}, required = [] }: Schema, ids: Ids): Arbitrary<Pair[]> {
  const all = Object.entries(properties).map(([name, schema]) =>
    fc
      .tuple(fc.boolean(), allowed(schema, name, ids))
      .map(([given, value]): Pair[] => (given || required.includes(name) ? [[name, value]] : []))
  )
  return fc.tuple(...all).map((some) => some.flat())
}

export const written = (pairs: Pair[]) =>
  `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
