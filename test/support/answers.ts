import type { FastifySchema } from 'fastify'
import { isApiPath } from '../../src/plugins/api.ts'
import type { Carrel } from './carrel.ts'

export type Part = { [keyword: string]: unknown; properties?: Record<string, Part> }
export type ApiRoute = { method: string; url: string; schema: FastifySchema & { response: Record<string, Part> } }

export const apiRoutesOf = ({ app }: Pick<Carrel, 'app'>) =>
  app.routeTable.filter(({ method, url }) => method !== 'HEAD' && isApiPath(url)) as ApiRoute[]

/** A body may be of several types, each with a schema of its own. */
export function partsOf({ params, querystring, body, response }: ApiRoute['schema']): Part[] {
  const { content } = (body ?? {}) as { content?: Record<string, { schema: Part }> }
  const bodies = content ? Object.values(content).map(({ schema }) => schema) : [body as Part]
  return [params as Part, querystring as Part, ...bodies, ...Object.values(response)].filter(Boolean)
}
