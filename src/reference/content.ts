import { plainSchema, type Schema } from './plain-schema.ts'

export type Content = Record<string, { schema: Schema; examples?: Record<string, { value: unknown }> }>
/** Bodies that are checked, by their types. */
export type Bodies = Record<string, { schema: Schema }>

export const json = 'application/json'
export const withFiles = 'multipart/form-data'

type Shelf = Record<string, Schema>

function mediaOf({ examples = [], ...body }: Schema, shelf: Shelf): Content[string] {
  const named = examples.map((value, index) => [`example ${index + 1}`, { value }] as const)
  return { schema: plainSchema(body, shelf), ...(named.length > 0 && { examples: Object.fromEntries(named) }) }
}

export type RequestBody = { required: boolean; content: Content }

type Given = { body?: Schema & { content?: Bodies }; consumes?: Record<string, Schema> }

/** What may be sent: JSON, and whatever else the route reads itself. */
export function requestBodyOf({ body, consumes = {} }: Given, shelf: Shelf): { requestBody?: RequestBody } {
  if (!body) return {}
  const checked = Object.entries(body.content ?? { [json]: { schema: body } })
  const bodies = [...checked.map(([type, { schema }]) => [type, schema] as const), ...Object.entries(consumes)]
  const content: Content = Object.fromEntries(bodies.map(([type, schema]) => [type, mediaOf(schema, shelf)]))
  return { requestBody: { required: true, content } }
}

/** What is sent back. Only JSON has fields; of any other type an answer is a text. */
export function contentOf(shape: Schema, types: string[], shelf: Shelf): { content?: Content } {
  if (types.length === 0) return {}
  const told = types.map((type) => [type, type === json ? mediaOf(shape, shelf) : { schema: { type: 'string' } }])
  return { content: Object.fromEntries(told) }
}
