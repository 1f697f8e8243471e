import type { Route } from '../plugins/route-table.ts'
import { type Bodies, type Content, contentOf, json, type RequestBody, requestBodyOf } from './content.ts'
import { headersOf, sentAlong } from './headers.ts'
import { plainSchema, type Schema } from './plain-schema.ts'
import { securityOf } from './security.ts'

type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: Schema
}

export type Answer = { description: string; headers: Record<string, { $ref: string }>; content?: Content }

export type Operation = {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  security: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: RequestBody
  responses: Record<string, Answer>
}

/** What a route says of itself. */
type Described = {
  summary?: string
  description?: string
  body?: Schema & { content?: Bodies }
  consumes?: Record<string, Schema>
  params?: Schema
  querystring?: Schema
  response?: Record<string, Schema>
  produces?: Record<string, string[]>
}

const successes: Record<string, string> = {
  '200': 'What was asked for.',
  '201': 'What was made.',
  '204': 'It is done.'
}

const withoutVersion = (url: string) => url.replace(/^\/api\/(v1\/)?/, '')

/** "/api/v1/workspaces/:workspaceId/members" is about workspaces. */
export const groupOf = (url: string) => withoutVersion(url).split('/', 1)[0] as string

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

/** GET /api/v1/workspaces/:workspaceId is getWorkspacesByWorkspaceId. */
export function nameOf(method: string, url: string): string {
  const words = withoutVersion(url).replaceAll('/:', '/by-').split(/[/-]/)
  return method.toLowerCase() + words.map(capital).join('')
}

function parametersOf(place: Parameter['in'], given: Schema | undefined, shelf: Record<string, Schema>): Parameter[] {
  return Object.entries(given?.properties ?? {}).map(([name, field]) => {
    const { description, ...schema } = plainSchema(field, shelf)
    const required = place === 'path' || (given?.required?.includes(name) === true && schema.default === undefined)
    return { name, in: place, required, ...(description && { description }), schema }
  })
}

/** What comes of a request, by status. */
function answersOf({ method, schema }: Route, shelf: Record<string, Schema>): Record<string, Answer> {
  const { response = {}, produces = {} } = schema as Described
  const answers = Object.entries(response).map(([status, { description, ...shape }]) => {
    const types = produces[status] ?? (shape.type || shape.anyOf ? [json] : [])
    const said = description ?? successes[status] ?? 'It was refused.'
    const headers = headersOf(method, status, types)
    return [status, { description: said, headers, ...contentOf(shape, types, shelf) }] as const
  })
  return Object.fromEntries(answers)
}

/** One route as OpenAPI has it. */
export function operationOf(route: Route, shelf: Record<string, Schema>): Operation {
  const { method, url, demand = {}, schema } = route
  const { summary = '', description, params, querystring, response = {} } = schema as Described
  return {
    operationId: nameOf(method, url),
    tags: [groupOf(url)],
    summary,
    ...(description && { description }),
    security: securityOf(demand),
    parameters: [
      ...parametersOf('path', params, shelf),
      ...parametersOf('query', querystring, shelf),
      ...sentAlong(response)
    ],
    ...requestBodyOf(schema as Described, shelf),
    responses: answersOf(route, shelf)
  }
}
