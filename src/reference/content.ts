import { plainSchema, type Schema } from './plain-schema.ts'

export type Content = Record<string, { schema: Schema; examples?: Record<string, { value: unknown }> }>

export const json = 'application/json'
export const withFiles = 'multipart/form-data'

/** What is sent: JSON, or a form with files where a route takes some. */
export function requestBodyOf(
  { examples = [], ...body }: Schema,
  files: Schema | undefined,
  shelf: Record<string, Schema>
) {
  const named = examples.map((value, index) => [`example ${index + 1}`, { value }] as const)
  const content: Content = {
    [json]: { schema: plainSchema(body, shelf), ...(named.length > 0 && { examples: Object.fromEntries(named) }) },
    ...(files && { [withFiles]: { schema: plainSchema(files, shelf) } })
  }
  return { requestBody: { required: true, content } }
}

/** What is sent back: JSON, or events where a route has some to tell; nothing where there is nothing to say. */
export function sentBack(
  shape: Schema,
  events: string | undefined,
  shelf: Record<string, Schema>
): { content?: Content } {
  if (shape.type === undefined && !shape.anyOf) return {}
  const stream: Content = events ? { 'text/event-stream': { schema: { type: 'string', description: events } } } : {}
  return { content: { [json]: { schema: plainSchema(shape, shelf) }, ...stream } }
}
