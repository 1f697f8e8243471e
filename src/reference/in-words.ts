import type { Schema } from './plain-schema.ts'

type Field = { name: string; type: string; required: boolean; description: string | undefined }

const resolved = (schema: Schema, shelf: Record<string, Schema>): Schema =>
  schema.$ref ? (shelf[schema.$ref.split('/').at(-1) as string] ?? {}) : schema

const words: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'object',
  null: 'null'
}

function ofText({ format, pattern, maxLength }: Schema): string {
  if (format === 'date-time') return 'moment, ISO 8601'
  if (pattern?.startsWith('^[0-9a-f]{8}-')) return 'id'
  return maxLength ? `text, up to ${maxLength} characters` : 'text'
}

function ofNumber({ minimum, maximum }: Schema, word: string): string {
  if (minimum !== undefined && maximum !== undefined) return `${word}, ${minimum} to ${maximum}`
  return minimum === undefined ? word : `${word}, ${minimum} or more`
}

/** What may stand in a field, for people. */
export function typeInWords(given: Schema, shelf: Record<string, Schema>): string {
  const schema = resolved(given, shelf)
  if (schema.enum) return schema.enum.map((value) => `“${value}”`).join(' or ')
  if ('const' in schema) return `“${schema.const}”`
  if (schema.anyOf) return [...new Set(schema.anyOf.map((one) => typeInWords(one, shelf)))].join(', or ')
  const types = [schema.type].flat().filter((type) => type !== undefined)
  const said = types.map((type) => {
    if (type === 'string') return ofText(schema)
    if (type === 'integer' || type === 'number') return ofNumber(schema, words[type] as string)
    if (type === 'array') return `list of ${typeInWords(schema.items ?? {}, shelf)}`
    return words[type] ?? type
  })
  return said.join(' or ') || 'anything'
}

/** The fields of an object, those inside of it behind their names: "tags.model_name". */
export function fieldsOf(given: Schema, shelf: Record<string, Schema>, before = ''): Field[] {
  const { properties = {}, required = [], ...schema } = resolved(given, shelf)
  if (schema.items) return fieldsOf(schema.items, shelf, `${before.replace(/\.$/, '')}[].`)
  return Object.entries(properties).flatMap(([name, field]) => {
    const { description } = { ...resolved(field, shelf), ...field }
    const one = { name: before + name, type: typeInWords(field, shelf), required: required.includes(name), description }
    return [one, ...fieldsOf(field, shelf, `${before}${name}.`)]
  })
}
