import { isApiPath } from '../plugins/api.ts'
import type { Route } from '../plugins/route-table.ts'
import { plainSchema, type Schema } from './plain-schema.ts'
import { securityOf, securitySchemes } from './security.ts'

type Content = Record<string, { schema: Schema; examples?: Record<string, { value: unknown }> }>
type Parameter = { name: string; in: 'path' | 'query'; required: boolean; description?: string; schema: Schema }

export type Operation = {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  security: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { required: boolean; content: Content }
  responses: Record<string, { description: string; content?: Content }>
}

export type OpenApi = {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema>; securitySchemes: typeof securitySchemes }
}

/** What a route says of itself beside its schemas. */
export type Described = {
  summary?: string
  description?: string
  /** The types of content a body may have, where it is not JSON alone. */
  consumes?: string[]
  produces?: string[]
  body?: Schema
  params?: Schema
  querystring?: Schema
  response?: Record<string, Schema>
}

const json = 'application/json'
const successes: Record<string, string> = {
  '200': 'What was asked for.',
  '201': 'What was made.',
  '204': 'It is done.'
}

/** "/api/v1/workspaces/:workspaceId/members" is about workspaces. */
export const groupOf = (url: string) => url.replace(/^\/api\/(v1\/)?/, '').split('/')[0] as string

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function nameOf(method: string, url: string): string {
  const words = url.replace(/^\/api\/(v1\/)?/, '').split('/')
  const parts = words.map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : word))
  return (
    method.toLowerCase() +
    parts
      .flatMap((part) => part.split('-'))
      .map(capital)
      .join('')
  )
}

function parametersOf(place: Parameter['in'], given: Schema | undefined, shelf: Record<string, Schema>): Parameter[] {
  return Object.entries(given?.properties ?? {}).map(([name, field]) => {
    const { description, ...schema } = plainSchema(field, shelf)
    const required = place === 'path' || (given?.required?.includes(name) === true && schema.default === undefined)
    return { name, in: place, required, ...(description && { description }), schema }
  })
}

function contentOf(given: Schema, types: string[], shelf: Record<string, Schema>): Content {
  const { examples, ...body } = given
  const schema = plainSchema(body, shelf)
  const told = examples?.map((value, index) => [`example ${index + 1}`, { value }] as const)
  return Object.fromEntries(
    types.map((type) => [type, { schema, ...(told && type === json && { examples: Object.fromEntries(told) }) }])
  )
}

function operationOf({ method, url, demand = {}, schema }: Route, shelf: Record<string, Schema>): Operation {
  const { summary = nameOf(method, url), description, body, params, querystring, ...more } = schema as Described
  const { consumes = [json], produces = [json], response = {} } = more
  const responses = Object.entries(response).map(([status, shape]) => {
    const said = shape.description ?? successes[status] ?? 'It was refused.'
    const { description: _, ...rest } = shape
    const types = status.startsWith('2') ? produces : [json]
    const content = rest.type === undefined && !rest.anyOf ? undefined : contentOf(rest, types, shelf)
    return [status, { description: said, ...(content && { content }) }] as const
  })
  return {
    operationId: nameOf(method, url),
    tags: [groupOf(url)],
    summary,
    ...(description && { description }),
    security: securityOf(demand),
    parameters: [...parametersOf('path', params, shelf), ...parametersOf('query', querystring, shelf)],
    ...(body && { requestBody: { required: true, content: contentOf(body, consumes, shelf) } }),
    responses: Object.fromEntries(responses)
  }
}

/** The whole JSON API as an OpenAPI document, made from the routes themselves. */
export function openApiOf(routes: Route[], site: string): OpenApi {
  const schemas: Record<string, Schema> = {}
  const paths: OpenApi['paths'] = {}
  for (const route of routes.filter(({ method, url }) => isApiPath(url) && method !== 'HEAD' && method !== 'OPTIONS')) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) }
  }
  const groups = [...new Set(Object.values(paths).flatMap((path) => Object.values(path).flatMap(({ tags }) => tags)))]
  return {
    openapi: '3.1.0',
    info: {
      title: 'Carrel',
      version: '1',
      description: 'What a person does on a page, a program of theirs does here, by the same rules.'
    },
    servers: [{ url: site }],
    tags: groups.map((name) => ({ name })),
    paths,
    components: { schemas, securitySchemes }
  }
}
