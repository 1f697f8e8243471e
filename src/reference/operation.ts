import type { Route } from '../plugins/route-table.ts'
import { type Content, json, requestBodyOf, sentBack } from './content.ts'
import { answerHeaders, type Headers, requestHeaders } from './headers.ts'
import { plainSchema, type Schema } from './plain-schema.ts'
import { securityOf } from './security.ts'

export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: Schema
}

export type Answer = { description: string; headers?: Headers; content?: Content }

export type Operation = {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  security: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { required: boolean; content: Content }
  responses: Record<string, Answer>
}

/** What a route says of itself. */
export type Described = {
  summary?: string
  description?: string
  events?: string
  body?: Schema & { content?: Content }
  multipart?: Schema
  params?: Schema
  querystring?: Schema
  response?: Record<string, Schema>
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

/** What comes of a request, by status; one that a program need not be sent again is told as such. */
function answersOf({ method, schema }: Route, shelf: Record<string, Schema>): Record<string, Answer> {
  const { response = {}, events } = schema as Described
  const answers = Object.entries(response).map(([status, { description, ...shape }]) => {
    const headers = answerHeaders(method, status)
    const content = sentBack(shape, status.startsWith('2') ? events : undefined, shelf)
    return [
      status,
      { description: description ?? successes[status] ?? 'It was refused.', headers, ...content }
    ] as const
  })
  const unchanged = { description: 'Nothing has changed since that ETag.', headers: answerHeaders(method, '304') }
  return Object.fromEntries(method === 'GET' ? [...answers, ['304', unchanged] as const] : answers)
}

/** One route as OpenAPI has it. */
export function operationOf(route: Route, shelf: Record<string, Schema>): Operation {
  const { method, url, demand = {}, schema } = route
  const { summary = '', description, events, params, querystring, body, multipart } = schema as Described
  const more = [description, events].filter(Boolean).join(' ')
  return {
    operationId: nameOf(method, url),
    tags: [groupOf(url)],
    summary,
    ...(more && { description: more }),
    security: securityOf(demand),
    parameters: [
      ...parametersOf('path', params, shelf),
      ...parametersOf('query', querystring, shelf),
      ...requestHeaders(route)
    ],
    ...(body && requestBodyOf(body.content?.[json]?.schema ?? body, multipart, shelf)),
    responses: answersOf(route, shelf)
  }
}
