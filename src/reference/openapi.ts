import { isApiPath } from '../plugins/api.ts'
import type { Route } from '../plugins/route-table.ts'
import { type Header, headers } from './headers.ts'
import { type Operation, operationOf } from './operation.ts'
import type { Schema } from './plain-schema.ts'
import { securitySchemes } from './security.ts'

export type OpenApi = {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, Schema>
    headers: Record<string, Header>
    securitySchemes: typeof securitySchemes
  }
}

/** The routes that the reference is about. */
export const toldOf = (routes: Route[]) => routes.filter(({ method, url }) => isApiPath(url) && method !== 'HEAD')

export const inBraces = (url: string) => url.replaceAll(/:(\w+)/g, '{$1}')

/** The whole JSON API as an OpenAPI document, made from the routes themselves. */
export function openApiOf(routes: Route[]): OpenApi {
  const schemas: Record<string, Schema> = {}
  const paths: OpenApi['paths'] = {}
  for (const route of toldOf(routes)) {
    const path = inBraces(route.url)
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) }
  }
  const groups = new Set(Object.values(paths).flatMap((path) => Object.values(path).flatMap(({ tags }) => tags)))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Carrel',
      version: '1',
      description: 'What a person does on a page, a program of theirs does here, by the same rules.'
    },
    tags: [...groups].map((name) => ({ name })),
    paths,
    components: { schemas, headers, securitySchemes }
  }
}
