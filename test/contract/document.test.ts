import t from 'tap'
import { startApp } from '../support/carrel.ts'
import { contractOf } from './document.ts'

t.test('the document says of each body what is taken, and gives an example of it', async (t) => {
  const { operations, allows } = await contractOf(await startApp(t))
  for (const operation of operations.filter(({ requestBody }) => requestBody)) {
    const { schema, examples = {} } = operation.requestBody?.content['application/json'] ?? {}
    t.match(schema, { type: 'object', properties: Object }, operation.name)
    t.ok(Object.keys(examples).length > 0, operation.name)
    for (const { value } of Object.values(examples)) t.ok(allows(operation, value), operation.name)
  }
})

t.test('whatever the document refers to is in it, and nothing is in it that it does not refer to', async (t) => {
  const { document } = await contractOf(await startApp(t))
  const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map(([, place]) => place)
  const { schemas, headers } = document.components
  const there = [
    ...Object.keys(schemas).map((name) => `schemas/${name}`),
    ...Object.keys(headers).map((name) => `headers/${name}`)
  ]
  t.same([...new Set(referred)].sort(), there.sort())
  const ways = Object.values(document.paths).flatMap((path) => Object.values(path).flatMap(({ security }) => security))
  const named = new Set(ways.flatMap((way) => Object.keys(way)))
  t.same([...named].sort(), Object.keys(document.components.securitySchemes).sort())
})

t.test('files, events, and what is sent along in headers are told of', async (t) => {
  const { document } = await contractOf(await startApp(t))
  const operation = (path: string, method: string) => document.paths[path]?.[method]
  const files = operation('/api/v1/documents', 'post')?.requestBody?.content['multipart/form-data']
  t.match(files?.schema, { properties: { workspace_id: Object, file: { type: 'array' }, tags: Object } })
  const messages = operation('/api/v1/chats/{chatId}/messages', 'post')
  t.same(Object.keys(messages?.responses[200]?.content ?? {}), ['text/event-stream'])
  t.match(messages?.parameters, [{ name: 'chatId' }, { name: 'Idempotency-Key', in: 'header', required: false }])
  t.match(operation('/api/v1/tags', 'get')?.parameters.at(-1), { name: 'If-None-Match', in: 'header' })
})
