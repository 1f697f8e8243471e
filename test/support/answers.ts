import { Ajv, type AnySchema } from 'ajv'
import type { FastifySchema, LightMyRequestResponse } from 'fastify'
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

const ajv = new Ajv({ strict: false, allErrors: true })
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

/** The same where nothing may be that is not listed, unless anything may. */
const closed = (schema: Part): AnySchema =>
  JSON.parse(
    JSON.stringify(schema, (_, part) =>
      part?.type && part.properties ? { additionalProperties: false, ...part } : part
    )
  )

/** What is wrong with an answer by the route's own account of it; empty where nothing is. */
export function unlike({ method, url, schema }: ApiRoute, { statusCode, body }: LightMyRequestResponse): string[] {
  const shape = schema.response[statusCode]
  const where = `${method} ${url} ${statusCode}`
  if (!shape) return [`${where} is not among ${Object.keys(schema.response)}: ${body}`]
  if (statusCode === 204) return body === '' ? [] : [`${where} says ${body}`]
  const fits = ajv.compile(closed(shape))
  if (fits(JSON.parse(body))) return []
  return (fits.errors ?? []).map((error) => `${where}${error.instancePath} ${ajv.errorsText([error])}`)
}
