import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { keysOf } from '../../../src/api-keys/store.ts'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/database/open.ts'
import { makeDesk } from '../support/desk.ts'
import { inFolder } from '../support/folder.ts'
import { type Contender, race } from '../support/load.ts'
import { judged, ratios, spread } from '../support/numbers.ts'
import { startCarrel, startServer } from '../support/server.ts'
import { measured, table } from '../support/table.ts'

const rounds = 9
const amount = 4000
const path = 'api/v1/workspaces'
const itsOwn = /^(date|connection|keep-alive|content-type|content-length|etag|x?-?ratelimit.*)$/

async function makeKey(folder: string, account: string): Promise<string> {
  const db = await openDatabase(readConfig({ DATA_DIR: folder }))
  const { key } = await keysOf({ id: account }, db).make({ name: 'The bench', scopes: ['read'] }, new Date())
  await db.destroy()
  return key
}

/** Carrel, and the same list by hand, which sends the same headers but those that need to be worked out. */
async function contendersIn(folder: string): Promise<Contender[]> {
  const template = join(folder, 'template')
  mkdirSync(template)
  const { account } = await makeDesk(template)
  const headers = { 'x-api-key': await makeKey(template, account) }
  function copy(name: string) {
    cpSync(template, join(folder, name), { recursive: true })
    return join(folder, name)
  }

  const carrel = await startCarrel(copy('carrel'))
  const first = await fetch(carrel.url + path, { headers })
  const page = await first.text()
  if (JSON.parse(page).items?.length !== 20) throw new Error(`these are not twenty workspaces: ${page}`)
  const same = Object.fromEntries([...first.headers].filter(([name]) => !itsOwn.test(name)))
  const byHand = (name: string, STEADY: string) =>
    startServer('list-by-hand.ts', { HEADERS: JSON.stringify(same), STEADY, DATA_DIR: copy(name) })
  return [
    { name: 'Carrel', server: carrel, path, headers, page },
    { name: 'by hand', server: await byHand('by-hand', ''), path, headers, page },
    { name: 'by hand, +?', server: await byHand('by-hand-steady', 'yes'), path, headers, page }
  ]
}

/** What a list of twenty workspaces costs, asked for with a key. */
export function workspaces() {
  return inFolder(async (folder) => {
    const contenders = await contendersIn(folder)
    const of = await race(contenders, { rounds, amount })
    for (const { server } of contenders) await server.stop()

    const cpu = (other: string) => ratios(of('Carrel').cpu, of(other).cpu)
    table(
      'api: GET /api/v1/workspaces, 20 rows, with an API key',
      measured,
      [
        ...contenders.map(({ name }) => [`${name}: µs of processor a request`, ...spread(of(name).cpu, 0)]),
        ...contenders.map(({ name }) => [`${name}: requests a second`, ...spread(of(name).perSecond, 0)]),
        ['processor, Carrel / by hand', ...judged(cpu('by hand'), 3, { is: 'at most', value: 1.15 })],
        ['processor, Carrel / by hand, +?', ...spread(cpu('by hand, +?'), 3)]
      ],
      [
        `${Buffer.byteLength(contenders[0]?.page ?? '')} bytes, the same from all; ${rounds} rounds of ${amount} requests each, 10 connections.`,
        'By hand: Fastify with a schema for its answer, better-sqlite3, the same check of the key and the same query and headers, but without rate limit, audit, origin check, ETag and validation.',
        '"+?" is the same server with queries that SQLite does not plan again at every request.'
      ]
    )
  })
}
