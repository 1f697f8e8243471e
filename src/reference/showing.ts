import { eventStream } from '../chats/streaming/events.ts'
import type { Demand } from '../plugins/access.ts'
import type { Route } from '../plugins/route-table.ts'
import type { Common } from './common.ts'
import { json, withFiles } from './content.ts'
import { exampleOf } from './example.ts'
import { fieldsOf, typeInWords } from './in-words.ts'
import { inBraces, type OpenApi } from './openapi.ts'
import type { Answer, Operation } from './operation.ts'
import { whoMay } from './security.ts'
import { type Call, snippetsFor } from './snippets.ts'

const credentialFor = ({ session, scopes = [] }: Demand): Call['shows'] =>
  session ? 'token' : scopes.length > 0 ? 'key' : 'nothing'

/** The first example of a body that a route gives, else one made from its schema. */
function bodyOf({ requestBody }: Operation, { components }: OpenApi): unknown {
  const content = requestBody?.content[json]
  if (!content) return undefined
  return Object.values(content.examples ?? {})[0]?.value ?? exampleOf(content.schema, components.schemas)
}

/** How a route is called, with as little as it needs. */
function callOf({ method, url, demand = {} }: Route, operation: Operation, document: OpenApi): Call {
  const needed = operation.parameters.filter((one) => one.in === 'query' && (one.required || one.schema.examples))
  const query = needed.map(({ name, schema }) => `${name}=${schema.examples?.[0] ?? `{${name}}`}`).join('&')
  const sent = operation.responses[200]?.content
  const saves = sent && !(json in sent) && !(eventStream in sent) && url.split('/').at(-1)
  const form = operation.requestBody?.content[withFiles]?.schema.required
  return {
    method,
    address: [inBraces(url), query].filter(Boolean).join('?'),
    body: bodyOf(operation, document),
    ...(form && { form }),
    ...(saves && { saves }),
    shows: credentialFor(demand)
  }
}

/** One route as its page shows it. */
export function shown(route: Route, document: OpenApi, common: Common[]) {
  const path = inBraces(route.url)
  const operation = document.paths[path]?.[route.method.toLowerCase()] as Operation
  const { schemas } = document.components
  const answerShown = ([status, { description, content }]: [string, Answer]) => {
    const schema = status.startsWith('2') ? content?.[json]?.schema : undefined
    if (!schema) return { status, description }
    const example = JSON.stringify(exampleOf(schema, schemas), null, 2)
    return { status, description, fields: fieldsOf(schema, schemas), example }
  }
  const answers = Object.entries(operation.responses).map(answerShown)
  const isCommon = ({ status, description }: { status: string; description: string }) =>
    common.some((one) => one.status === status && one.description === description)
  const bodies = Object.entries(operation.requestBody?.content ?? {})
  return {
    ...operation,
    method: route.method,
    path,
    who: whoMay(route.demand ?? {}),
    parameters: operation.parameters
      .filter((one) => one.in !== 'header')
      .map(({ schema, ...one }) => ({ ...one, type: typeInWords(schema, schemas) })),
    bodies: bodies.map(([type, { schema }]) => ({ type, fields: fieldsOf(schema, schemas) })),
    answers: answers.filter((one) => !isCommon(one)),
    asElsewhere: answers.filter(isCommon).map(({ status }) => status),
    snippets: snippetsFor(callOf(route, operation, document))
  }
}
