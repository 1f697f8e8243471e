import type { Demand } from '../plugins/access.ts'
import type { Route } from '../plugins/route-table.ts'
import { exampleOf } from './example.ts'
import { fieldsOf, typeInWords } from './in-words.ts'
import type { OpenApi, Operation } from './openapi.ts'
import { whoMay } from './security.ts'
import { type Call, snippetsFor } from './snippets.ts'

const json = 'application/json'

export const inBraces = (url: string) => url.replaceAll(/:(\w+)/g, '{$1}')

const shows = ({ session, scopes = [] }: Demand): Call['shows'] =>
  session ? 'token' : scopes.length > 0 ? 'key' : 'nothing'

/** The first example of a body that a route gives, else one made from its schema. */
export function bodyOf({ requestBody }: Operation, { components }: OpenApi): unknown {
  const content = requestBody?.content[json]
  if (!content) return undefined
  return Object.values(content.examples ?? {})[0]?.value ?? exampleOf(content.schema, components.schemas)
}

/** How a route is called, as the reference shows it. */
export const callOf = ({ method, url, demand = {} }: Route, operation: Operation, document: OpenApi): Call => ({
  method,
  path: inBraces(url),
  body: bodyOf(operation, document),
  shows: shows(demand)
})

/** One route as its page shows it. */
export function shown(route: Route, document: OpenApi) {
  const path = inBraces(route.url)
  const operation = document.paths[path]?.[route.method.toLowerCase()] as Operation
  const { schemas } = document.components
  const body = operation.requestBody?.content[json]?.schema
  return {
    ...operation,
    method: route.method,
    path,
    who: whoMay(route.demand ?? {}),
    parameters: operation.parameters.map(({ schema, ...one }) => ({ ...one, type: typeInWords(schema, schemas) })),
    fields: body ? fieldsOf(body, schemas) : [],
    answers: Object.entries(operation.responses).map(([status, { description, content }]) => {
      const schema = content?.[json]?.schema
      const fields = schema && status.startsWith('2') ? fieldsOf(schema, schemas) : []
      const example = fields.length > 0 ? JSON.stringify(exampleOf(schema as never, schemas), null, 2) : undefined
      return { status, description, fields, example }
    }),
    snippets: snippetsFor(operation, callOf(route, operation, document))
  }
}
