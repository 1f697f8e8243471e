import { Ajv2020 } from 'ajv/dist/2020.js'
import type { LightMyRequestResponse as Answer } from 'fastify'
import type { OpenApi } from '../../src/reference/openapi.ts'
import type { Operation as Described } from '../../src/reference/operation.ts'
import type { Carrel } from '../support/carrel.ts'

export type Operation = Described & { name: string; method: string; path: string }

/** The operations of the API as the served document lists them, and what is wrong with an answer by its account. */
export type Contract = {
  document: OpenApi
  operations: Operation[]
  wrongWith: (operation: Operation, answer: Answer) => string[]
  /** Whether a body is one that the document allows. */
  allows: (operation: Operation, body: unknown) => boolean
}

const json = 'application/json'
const pointer = (...steps: string[]) =>
  steps.map((step) => `/${step.replace(/~/g, '~0').replace(/\//g, '~1')}`).join('')

/** The same where no answer may hold what is not listed, unless anything may be there. */
function closed(document: OpenApi): OpenApi {
  const copy = structuredClone(document)
  const close = (_: string, part: Record<string, unknown> | null) =>
    part?.type && part.properties ? { additionalProperties: false, ...part } : part
  const told = copy.components.schemas
  copy.components.schemas = JSON.parse(JSON.stringify(told, close))
  return copy
}

/** What GET /docs/json says, and nothing that is known from elsewhere. */
export async function contractOf({ app }: Pick<Carrel, 'app'>): Promise<Contract> {
  const document: OpenApi = (await app.inject('/docs/json')).json()
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  ajv.addSchema(closed(document), 'document')

  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`
      return { ...operation, name, method: method.toUpperCase(), path }
    })
  )
  const schemaAt = (...steps: string[]) => {
    const $ref = `document#${encodeURI(pointer(...steps))}`
    return ajv.getSchema($ref) ?? ajv.compile({ $ref })
  }
  const placeOf = ({ method, path }: Operation) => ['paths', path, method.toLowerCase()]

  function wrongWithBody(operation: Operation, { statusCode, headers, body }: Answer): string[] {
    const { content } = operation.responses[statusCode] ?? {}
    if (!content) return body === '' && !headers['content-type'] ? [] : ['says something']
    const type = String(headers['content-type']).replace(/; charset=utf-8$/, '')
    if (!content[type]) return [`is of the type ${headers['content-type']}`]
    const fits = schemaAt(...placeOf(operation), 'responses', `${statusCode}`, 'content', type, 'schema')
    if (fits(type === json ? JSON.parse(body) : body)) return []
    return (fits.errors ?? []).map((error) => `${error.instancePath} ${ajv.errorsText([error])}`)
  }

  function wrongWithHeaders(operation: Operation, { statusCode, headers }: Answer): string[] {
    const told = operation.responses[statusCode]?.headers ?? {}
    return Object.entries(told).flatMap(([name, { $ref }]) => {
      const key = $ref.split('/').at(-1) as keyof OpenApi['components']['headers']
      const value = headers[name.toLowerCase()]
      const needed = document.components.headers[key]?.required
      if (value === undefined) return needed ? [`lacks the header ${name}`] : []
      return schemaAt('components', 'headers', key, 'schema')(String(value)) ? [] : [`has ${name}: ${value}`]
    })
  }

  function wrongWith(operation: Operation, answer: Answer): string[] {
    const { statusCode, headers, body } = answer
    const where = `${operation.name} ${statusCode}`
    if (!operation.responses[statusCode]) return [`${where} is not documented: ${body.slice(0, 500)}`]
    const wrong = [...wrongWithBody(operation, answer), ...wrongWithHeaders(operation, answer)]
    if (headers['x-content-type-options'] !== 'nosniff') wrong.push('may be taken for another type')
    return wrong.map((what) => `${where} ${what}`)
  }

  function allows(operation: Operation, body: unknown) {
    return schemaAt(...placeOf(operation), 'requestBody', 'content', json, 'schema')(body) as boolean
  }

  return { document, operations, wrongWith, allows }
}
