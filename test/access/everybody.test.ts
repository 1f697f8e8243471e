import type { LightMyRequestResponse as Answer } from 'fastify'
import t from 'tap'
import { newId } from '../../src/ids.ts'
import type { Browser } from '../support/browser.ts'
import { startApp } from '../support/carrel.ts'
import { furnish } from './furnish.ts'
import { everybody, populate, routesOf, signedIn, standing } from './people.ts'
import { changed, filledIn, type Ids, table } from './table.ts'

function call(browser: Browser, route: string, ids: Ids) {
  const [method, url] = route.split(' ') as ['GET', string]
  const path = filledIn(url, ids)
  const body = table[route]?.body?.(ids)
  if (method !== 'GET' && !path.startsWith('/api/')) return browser.submit(path, body as Record<string, string>)
  return browser.api(method, path, body)
}

t.test('every route is in the table, and the table names no route that is not there', async (t) => {
  t.same(Object.keys(table).sort(), [...new Set(routesOf(await startApp(t)))].sort())
})

t.test('every route answers everybody as the table says', async (t) => {
  const carrel = await populate(t)
  const other = await signedIn(carrel, 'other')
  let people = await everybody(carrel)
  for (const route of routesOf(carrel)) {
    let ids = await furnish(carrel, people, other, route)
    for (const who of Object.keys(people) as (keyof typeof people)[]) {
      await carrel.app.db.deleteFrom('throttles').execute()
      const answer = await call(people[who], route, ids)
      const expected = table[route]?.expected[standing(who)]
      t.equal(answer.statusCode, expected, `${who}: ${route}`)
      if (standing(who) === 'nobody' && expected === 303 && route !== 'POST /logout') {
        t.match(answer.headers.location, /^\/login/, `${who} is led to sign in: ${route}`)
      }
      if (changed(route, answer)) {
        if (/logout|end-others|DELETE .*\/sessions$/.test(route)) people = await everybody(carrel)
        ids = await furnish(carrel, people, other, route)
      }
    }
  }
})

t.test('a bearer token opens what its session opens, and nothing once that has ended', async (t) => {
  const carrel = await populate(t)
  const people = await everybody(carrel)
  const ids = await furnish(carrel, people, await signedIn(carrel, 'other'))
  const login = { username: 'owner', password: 'four unrelated words' }
  const token = (await carrel.visitor().api('POST', '/api/v1/auth/login', login)).json().access_token
  const bearer = { authorization: `Bearer ${token}` }
  const routes = routesOf(carrel).filter((route) => route.startsWith('GET /api/v1'))
  const ask = (route: string) => carrel.app.inject({ url: filledIn(route.slice(4), ids), headers: bearer })

  for (const route of routes) t.equal((await ask(route)).statusCode, table[route]?.expected.owner, route)
  await carrel.app.inject({ method: 'POST', url: '/api/v1/auth/logout', headers: bearer })
  for (const route of routes) t.equal((await ask(route)).statusCode, 401, `ended: ${route}`)
})

t.test("a stranger's answer is that of a thing that never existed, byte for byte", async (t) => {
  const carrel = await populate(t)
  const people = await everybody(carrel)
  const ids = await furnish(carrel, people, await signedIn(carrel, 'other'))
  const plain = ({
    statusCode,
    headers: { date: _, 'ratelimit-remaining': __, 'ratelimit-reset': ___, ...headers },
    body
  }: Answer) => ({
    statusCode,
    headers,
    body
  })

  for (const route of routesOf(carrel).filter(
    (route) => route.includes(':') || table[route]?.body?.(ids) !== undefined
  )) {
    if (table[route]?.expected.stranger !== 404) continue
    const never = Object.fromEntries(Object.keys(ids).map((name) => [name, newId()])) as Ids
    const theirs = await call(people.stranger, route, ids)
    t.same(plain(theirs), plain(await call(people.stranger, route, never)), route)
  }
})
