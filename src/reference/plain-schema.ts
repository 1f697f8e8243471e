export type Schema = {
  title?: string
  type?: string | string[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  const?: unknown
  enum?: unknown[]
  default?: unknown
  examples?: unknown[]
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  additionalProperties?: boolean | Schema
  $ref?: string
}

/** Our own words in schemas: they clean what was sent, or say what is wrong with it. */
const ours = new Set(['says', 'requirements', 'trim', 'lower', 'finite'])

/** Several words to choose from are told as such, not as schemas of one word each. */
function choices(schema: Schema): Schema {
  const { anyOf, ...rest } = schema
  if (!anyOf?.every((one) => 'const' in one)) return schema
  return { ...rest, type: 'string', enum: anyOf.map((one) => one.const) }
}

/** A schema as others understand it; what has a title goes to `shelf` and is only named where it stands. */
export function plainSchema(given: unknown, shelf: Record<string, Schema>): Schema {
  if (Array.isArray(given)) return given.map((one) => plainSchema(one, shelf)) as never
  if (given === null || typeof given !== 'object') return given as never
  const entries = Object.entries(choices(given as Schema)).filter(([name]) => !ours.has(name) && !name.startsWith('~'))
  const plain = Object.fromEntries(
    entries.map(([name, value]) => [name, name === 'properties' ? properties(value, shelf) : plainSchema(value, shelf)])
  ) as Schema
  if (!plain.title) return plain
  shelf[plain.title] = plain
  return { $ref: `#/components/schemas/${plain.title}` }
}

/** Here a name is a field's, whatever it is. */
const properties = (given: unknown, shelf: Record<string, Schema>) =>
  Object.fromEntries(Object.entries(given as object).map(([name, value]) => [name, plainSchema(value, shelf)]))
