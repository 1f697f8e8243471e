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
  minProperties?: number
  additionalProperties?: boolean | Schema
  $ref?: string
}

/** Our own words in schemas: they clean what was sent, or say what is wrong with it. */
const ours = new Set(['says', 'requirements', 'trim', 'lower', 'finite'])

/** Here stand values, and nothing in them is a schema. */
const values = new Set(['examples', 'default', 'const', 'enum', 'required'])

/** Several words to choose from are told as such, not as schemas of one word each. */
function choices(schema: Schema): Schema {
  const { anyOf, ...rest } = schema
  if (!anyOf?.every((one) => 'const' in one)) return schema
  return { ...rest, type: 'string', enum: anyOf.map((one) => one.const) }
}

/** What is filled in where it is left out need not be sent. */
function needed({ required, properties = {} }: Schema) {
  const missed = required?.filter((name) => properties[name]?.default === undefined) ?? []
  return missed.length > 0 ? { required: missed } : {}
}

/** A schema as others understand it; what has a title goes to `shelf` and is only named where it stands. */
export function plainSchema(given: unknown, shelf: Record<string, Schema>): Schema {
  if (Array.isArray(given)) return given.map((one) => plainSchema(one, shelf)) as never
  if (given === null || typeof given !== 'object') return given as never
  const { required: _, ...schema } = choices(given as Schema)
  const all = Object.entries({ ...schema, ...needed(given as Schema) })
  const entries = all.filter(([name]) => !ours.has(name) && !name.startsWith('~'))
  const plain = Object.fromEntries(entries.map(([name, value]) => [name, within(name, value, shelf)])) as Schema
  if (!plain.title) return plain
  shelf[plain.title] = plain
  return { $ref: `#/components/schemas/${plain.title}` }
}

function within(keyword: string, value: unknown, shelf: Record<string, Schema>): unknown {
  if (values.has(keyword)) return value
  if (keyword !== 'properties') return plainSchema(value, shelf)
  return Object.fromEntries(Object.entries(value as object).map(([name, field]) => [name, plainSchema(field, shelf)]))
}
