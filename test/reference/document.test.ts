import { Validator } from '@seriousme/openapi-schema-validator'
import t from 'tap'
import { apiRoutesOf } from '../support/answers.ts'
import { startApp } from '../support/carrel.ts'

type Operation = { operationId: string; parameters: { name: string; in: string }[]; responses: object }
type Document = { servers: { url: string }[]; paths: Record<string, Record<string, Operation>> }

t.test('the document is OpenAPI 3.1, and as a maintained validator understands it', async (t) => {
  const { visitor } = await startApp(t, { PUBLIC_URL: 'https://carrel.example.com' })
  const answer = await visitor().open('/docs/json')
  t.match(answer.headers['content-type'], 'application/json')
  const document: Document = answer.json()
  t.match(document, { openapi: '3.1.0', servers: [{ url: 'https://carrel.example.com' }] })
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  t.ok(valid, JSON.stringify(errors))
  // A schema may hold words of anybody's, so the validator does not miss them; a reader would wonder at them.
  t.notMatch(answer.body, /"(?:says|requirements|trim|lower|finite)":[^{]/)
})

t.test('nobody on the way keeps it, as it says where the one who asked was looking', async (t) => {
  const { visitor } = await startApp(t)
  const answer = await visitor().request('GET', '/docs/json', undefined, { host: 'elsewhere.example' })
  t.match(answer.json(), { servers: [{ url: 'http://elsewhere.example' }] })
  t.equal(answer.headers['cache-control'], 'private, no-cache')
})

t.test('it tells every route of the API and no other, each with what is in its path and who may ask', async (t) => {
  const carrel = await startApp(t)
  const { paths }: Document = (await carrel.visitor().open('/docs/json')).json()
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation }))
  )
  const routes = apiRoutesOf(carrel).map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
  t.same(told.map(({ method, path }) => `${method} ${path}`).sort(), routes.sort())
  t.equal(new Set(told.map(({ operation }) => operation.operationId)).size, routes.length, 'no two have one name')
  for (const { method, path, operation } of told) {
    const inPath = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`)
    t.same(inPath, path.match(/\{\w+\}/g) ?? [], `${method} ${path}`)
  }
  const { post, get } = paths['/api/v1/workspaces'] as Record<string, Operation>
  t.match(get, {
    security: [{ session: [] }, { token: [] }, { key: ['read'] }, { keyInAddress: ['read'] }, { instance: ['read'] }]
  })
  t.match(post, { security: [{ session: [] }, { token: [] }, { key: ['write'] }, { keyInAddress: ['write'] }] })
  t.match(paths['/api/v1/auth/login']?.post, { security: [] }, 'anybody')
  t.match(paths['/api/v1/auth/password']?.patch, { security: [{ session: [] }, { token: [] }] }, 'people only')
})
