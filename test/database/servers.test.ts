import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { Browser } from '../support/browser.ts'
import { password, settingsFor, temporaryFolder } from '../support/carrel.ts'
import { filesWith } from '../support/files.ts'
import { serve } from '../support/server-process.ts'

const canary = 'heliotrope windlass'
const replicasIn = (folder: string) =>
  readdirSync(join(folder, 'indexes'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

async function start(t: Test, settings: Record<string, string>) {
  const app = await buildApp(readConfig(settings))
  let open = true
  const stop = async () => {
    if (open) await app.close()
    open = false
  }
  t.teardown(stop)
  await app.ready()
  return { app, stop }
}

type Running = Awaited<ReturnType<typeof start>>['app']

async function signedIn(app: Running) {
  const browser = new Browser(app)
  const ann = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }
  const answer = await browser.submit('/register', ann)
  if (answer.statusCode !== 303) await browser.submit('/login', ann)
  return browser
}

/** Two servers on one database and one folder, with Ann at each of them. */
async function twoServers(t: Test, settings: Record<string, string>) {
  const [one, other] = [await start(t, settings), await start(t, settings)]
  const [here, there] = [await signedIn(one.app), await signedIn(other.app)]
  const flat = await here.makesWorkspace('Flat')
  const asks = async (browser: Browser, q: string) =>
    (await browser.open(`/api/v1/search?workspace_id=${flat}&q=${encodeURIComponent(q)}`)).json().items
  return { one, other, here, there, flat, asks }
}

type Work = (t: Test) => Promise<void>

const onPostgres = Boolean(process.env.CARREL_TEST_POSTGRES)
const withSqlite = (sentence: string, work: Work) => !onPostgres && t.test(sentence, work)
const withPostgres = (sentence: string, work: Work) => onPostgres && t.test(sentence, work)

withSqlite('one SQLite file has one server, whose indexes lie in the folder of indexes', async (t) => {
  const settings = await settingsFor(t)
  const { app } = await start(t, settings)
  const ann = await signedIn(app)
  await ann.puts(await ann.makesWorkspace('Flat'), 'Lease', 'The landlord repairs the boiler.')
  t.match(readdirSync(join(settings.DATA_DIR, 'indexes'))[0], /^[0-9a-f]{32}\.db$/)
  await t.rejects(buildApp(readConfig(settings)), /already serving/)
})

withPostgres('servers that share a PostgreSQL find the same, each by indexes of its own', async (t) => {
  const settings = await settingsFor(t)
  const { one, other, here, there, flat, asks } = await twoServers(t, settings)
  await here.puts(flat, 'Lease', 'The landlord repairs the boiler.')
  await there.puts(flat, 'Rules', 'The boiler room is locked at night.')
  await one.app.reading.done()
  await other.app.reading.done()
  const found = await asks(here, 'boiler')
  t.equal(found.length, 2)
  t.same(await asks(there, 'boiler'), found)
  t.equal(replicasIn(settings.DATA_DIR).length, 2)

  for (const title of ['A', 'B', 'C', 'D', 'E', 'F']) {
    await Promise.all(
      [here, there].map((browser, n) => browser.puts(flat, `${title}${n}`, `Of the fig tree, ${title}${n}.`))
    )
  }
  await one.app.reading.done()
  await other.app.reading.done()
  const passages = await one.app.db.selectFrom('passages').select(['document_id', 'n']).execute()
  t.equal(passages.length, 14, 'none is read twice')
  const figs = (items: { title: string }[]) => items.map(({ title }) => title)
  t.equal((await asks(there, 'fig tree')).length, 10)
  t.same(figs(await asks(there, 'fig tree')), figs(await asks(here, 'fig tree')))
})

withPostgres('what is deleted at one server is found at no other, and soon in no file of theirs', async (t) => {
  const settings = await settingsFor(t)
  const { other, here, there, flat, asks } = await twoServers(t, settings)
  const id = await here.puts(flat, 'Canary', `It says ${canary}.`)
  await here.puts(flat, 'Stays', 'This one stays.')
  t.equal((await asks(there, canary)).length, 1)
  await here.api('DELETE', `/api/v1/documents/${id}`)
  await other.app.following.now()
  t.same(filesWith(settings.DATA_DIR, 'windlass'), [])

  await here.puts(flat, 'Canary', `It says ${canary}.`)
  t.equal((await asks(there, canary)).length, 1)
  await here.api('DELETE', `/api/v1/documents/${(await asks(here, canary))[0].document_id}`)
  t.same(await asks(there, canary), [], 'nor is it found before')

  await here.puts(flat, 'Canary', `It says ${canary}.`)
  t.equal((await asks(there, canary)).length, 1)
  await here.api('DELETE', `/api/v1/workspaces/${flat}`)
  await other.app.following.now()
  t.same(filesWith(settings.DATA_DIR, 'windlass'), [], 'a workspace goes with its index')
  t.same(filesWith(join(settings.DATA_DIR, 'indexes'), 'stays'), [])
})

withPostgres('a server takes over what one before it has left, and none keeps what is nobody’s', async (t) => {
  const settings = await settingsFor(t)
  const first = await start(t, settings)
  const ann = await signedIn(first.app)
  const flat = await ann.makesWorkspace('Flat')
  const id = await ann.puts(flat, 'Canary', `It says ${canary}.`)
  const before = replicasIn(settings.DATA_DIR)
  await first.stop()

  const second = await start(t, settings)
  t.same(replicasIn(settings.DATA_DIR), before, 'it need not be made again')
  const folder = temporaryFolder(t)
  const killed = await serve(t, folder, { settings })
  const { access_token } = (await killed.post('/api/v1/auth/login', { username: 'ann', password })) as never as {
    access_token: string
  }
  await killed.send('GET', `/api/v1/search?workspace_id=${flat}&q=windlass`, undefined, access_token)
  t.equal(replicasIn(settings.DATA_DIR).length, 2)
  await killed.end('SIGKILL')
  const again = await signedIn(second.app)
  await again.api('DELETE', `/api/v1/documents/${id}`)
  await second.app.following.now()
  t.same(replicasIn(settings.DATA_DIR), before)
  t.same(filesWith(settings.DATA_DIR, 'windlass'), [])
  t.ok(existsSync(join(settings.DATA_DIR, 'indexes', before[0] as string)))
})
