import t from 'tap'
import { giveOnboardingTasks } from '../../src/tasks/store.ts'
import { wire } from '../support/assistant.ts'
import { credentials, expectedOf } from './credentials.ts'
import { doors, opens } from './doors.ts'
import { furnish } from './furnish.ts'
import { populate, routesOf, signedIn } from './people.ts'
import { changed, filledIn, type Ids, table } from './table.ts'

t.test('every kind of credential opens what it is for of what answers programs, and nothing else', async (t) => {
  const carrel = await populate(t)
  const [other, owner] = [await signedIn(carrel, 'other'), await signedIn(carrel, 'owner')]
  const people = { owner, editor: await signedIn(carrel, 'editor'), viewer: await signedIn(carrel, 'viewer') }
  const account = await owner.me()
  const ask = (route: string, ids: Ids, headers: Record<string, string>) => {
    const [method, url] = route.split(' ') as ['GET', string]
    const payload = table[route]?.body?.(ids)
    const shown = url === '/mcp' ? { ...wire, ...headers } : headers
    return carrel.app.inject({ method, url: filledIn(url, ids), headers: shown, ...(payload && { payload }) })
  }
  const routes = routesOf(carrel).filter((route) => / \/(api\/|mcp$)/.test(route))
  t.same(
    Object.values(doors)
      .flat()
      .filter((route) => !routes.includes(route)),
    [],
    'each door is there'
  )

  /** The owner as they began, with all their programs, whatever the call before has ended, used up or made. */
  async function anew(route: string) {
    for (const made of ['api_keys', 'instances', 'tasks'] as const) await carrel.app.db.deleteFrom(made).execute()
    await giveOnboardingTasks(carrel.app.db, account, carrel.clock.now())
    people.owner = await signedIn(carrel, 'owner')
    const ids = await furnish(carrel, people, other, route)
    return { ids, ...(await credentials(carrel, people, ids)) }
  }

  for (const route of routes) {
    const owners = (table[route]?.program ?? table[route]?.expected.owner) as number
    let { ids, good, scoped, bad } = await anew(route)
    for (const kind of ['token', 'key', 'key for the workspace', 'key for elsewhere', 'instance'] as const) {
      const answer = await ask(route, ids, good[kind])
      t.equal(answer.statusCode, expectedOf(kind, route, owners), `${kind}: ${route}`)
      if (changed(route, answer)) ({ ids, good, scoped, bad } = await anew(route))
    }
    if (opens('anybody', route)) continue
    for (const [kind, headers] of Object.entries(bad)) {
      t.equal((await ask(route, ids, headers)).statusCode, 401, `${kind}: ${route}`)
    }
    for (const [scope, key] of scoped) {
      const opened = opens(scope, route) || opens(`${scope} inside`, route)
      const answer = await ask(route, ids, { 'x-api-key': key })
      t.equal(answer.statusCode, opened ? owners : 403, `${scope}: ${route}`)
      if (changed(route, answer)) ids = await furnish(carrel, people, other, route)
    }
  }
})
