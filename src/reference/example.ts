import type { Schema } from './plain-schema.ts'

const id = '01900000-0000-7000-8000-000000000000'
const moment = '2026-11-21T09:30:00.000Z'

/** Something that a schema allows, as an example of it. */
export function exampleOf(schema: Schema, shelf: Record<string, Schema>): unknown {
  if (schema.$ref) return exampleOf(shelf[schema.$ref.split('/').at(-1) as string] ?? {}, shelf)
  if (schema.examples) return schema.examples[0]
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.default !== undefined) return schema.default
  if (schema.anyOf) return exampleOf(schema.anyOf[0] as Schema, shelf)
  const type = [schema.type].flat()[0]
  if (type === 'object') {
    const fields = Object.entries(schema.properties ?? {})
    return Object.fromEntries(fields.map(([name, field]) => [name, exampleOf(field, shelf)]))
  }
  if (type === 'array') return schema.items ? [exampleOf(schema.items, shelf)] : []
  if (type === 'boolean') return true
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1
  if (schema.format === 'date-time') return moment
  return schema.pattern?.startsWith('^[0-9a-f]{8}-') ? id : 'text'
}
