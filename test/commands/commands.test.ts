import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { Browser } from '../support/browser.ts'
import { password, settingsFor, startApp } from '../support/carrel.ts'

function run(command: string, args: string[], settings: Record<string, string>, input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`src/commands/${command}.ts`, ...args], {
    env: { ...process.env, ...settings },
    encoding: 'utf8',
    input
  })
  return { status, said: stdout.trim(), complained: stderr.trim() }
}

const ann = ['--email', 'ann@example.com', '--first-name', 'Ann', '--last-name', 'Arbor']

t.test('create-user makes an account by the rules of the form, also while the server runs', async (t) => {
  const { app, visitor } = await startApp(t)
  const settings = { DATA_DIR: app.config.dataDir, HASH_MEMORY_MB: '1' }

  const made = run('create-user', [...ann, '--password', password, '--admin'], settings)
  t.match(made, { status: 0, said: 'Made administrator ann (ann@example.com).', complained: '' })
  const browser = visitor()
  t.equal((await browser.submit('/login', { email: 'ann', password })).statusCode, 303)
  t.match(await browser.me(), { role: 'admin', room: { name: "Ann Arbor's Room" } })

  const taken = run('create-user', [...ann, '--password', password], settings)
  t.match(taken, { status: 1, said: '', complained: '--email: This email is already registered.' })
  const weak = run('create-user', ['--email', 'bob@example.com', '--password', 'qwertyuiop'], settings)
  t.match(weak, { status: 1, complained: /attackers try first/ })
  const short = run('create-user', ['--email', 'bob', '--password', 'short'], settings)
  t.match(short, { status: 1, complained: /^--email: Enter an email address.*\n--password: At least 10 characters/ })
  const nobody = run('create-user', ['--first-name', ''], settings)
  t.match(nobody, { status: 1, complained: /^--first-name: .+\n--email: Enter an email address.*$/ })
  t.equal(run('create-user', [], settings).complained, '--email: Enter an email address, such as ann@example.com.')
})

t.test('create-user makes up a password and says it once, and asks for what is missing', async (t) => {
  const settings = await settingsFor(t)
  const made = run('create-user', ['--email', 'bob@example.com'], settings)
  t.match(made.said, /^Made account bob \(bob@example\.com\)\. Password: [\w-]{20}$/)

  const asked = run('create-user', ['--interactive'], settings, `cleo@example.com\ncleo\nCleo\nClay\n${password}\n`)
  t.match(asked, { status: 0, said: /Made account cleo \(cleo@example\.com\)\.$/ })
  t.notMatch(asked.said, password)
})

t.test('purge-expired-sessions says in one line what it dropped', async (t) => {
  const { app, person, clock } = await startApp(t)
  await person('Ann')
  clock.pass(-9 * 24 * 3600)
  await person('Bob')
  const purged = run('purge-expired-sessions', [], { DATA_DIR: app.config.dataDir })
  t.match(purged, { status: 0, said: 'Dropped what had expired: sessions 1, other rows 0.' })
  t.equal((await app.db.selectFrom('sessions').selectAll().execute()).length, 1)
})

for (const command of ['create-user', 'purge-expired-sessions']) {
  t.test(`${command} explains itself, and refuses what it does not know`, async (t) => {
    const settings = await settingsFor(t)
    t.match(run(command, ['--help'], settings), { status: 0, said: `npm run ${command}` })
    t.match(run(command, ['--nonsense'], settings), { status: 1, said: '', complained: /--nonsense/ })
    t.match(run(command, [], { ...settings, PORT: 'x' }), { status: 1, complained: 'PORT must be a whole number' })
    const DATABASE_URL = 'postgres://carrel:hidden@127.0.0.1:1/carrel'
    const unreachable = run(command, [], { ...settings, DATABASE_URL })
    t.match(unreachable, { status: 1, complained: /^DATABASE_URL must lead to .*ECONNREFUSED[^\n]*$/ })
  })
}

t.test('rebuild-index throws away what can be made again, and not while a server may be searching', async (t) => {
  const settings = await settingsFor(t)
  const app = await buildApp(readConfig(settings))
  const ann = new Browser(app)
  await ann.submit('/register', { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password })
  const flat = await ann.makesWorkspace('Flat')
  await ann.puts(flat, 'Lease', 'The bicycles are in the cellar.')
  t.match(run('rebuild-index', [], settings), { status: 1, complained: /already serving/ })
  await app.close()

  t.match(run('rebuild-index', [], settings), { status: 0, said: /^Dropped 1 index; each is made again/ })
  const again = await buildApp(readConfig(settings))
  t.teardown(() => again.close())
  const browser = new Browser(again)
  await browser.submit('/login', { email: 'ann@example.com', password })
  const found = await browser.open(`/api/v1/search?workspace_id=${flat}&q=bicycles`)
  t.match(found.json().items, [{ title: 'Lease' }])
})

const others = { 'npm start': 'src/start.js', 'npm test': 'test/run.ts', 'npm run bench': 'test/bench/run.ts' }

for (const [command, file] of Object.entries(others)) {
  t.test(`${command} explains itself, and does nothing else`, async (t) => {
    const { DATA_DIR } = await settingsFor(t)
    const data = join(DATA_DIR, 'not-made')
    const env = { PATH: '', PORT: 'x', DATA_DIR: data }
    const told = spawnSync(process.execPath, [file, '--help'], { env, encoding: 'utf8', timeout: 20_000 })
    t.match(told, { status: 0, stderr: '' })
    t.match(told.stdout, new RegExp(`^${command} \\[-- .+\\]\\n\\n(.+\\n){1,5}$`))
    t.notOk(existsSync(data))
  })
}

t.test('npm start refuses what it does not know', async (t) => {
  const { DATA_DIR } = await settingsFor(t)
  const env = { PORT: '0', DATA_DIR: join(DATA_DIR, 'not-made') }
  for (const typed of ['--nonsense', 'nonsense']) {
    const told = spawnSync(process.execPath, ['src/start.js', typed], { env, encoding: 'utf8', timeout: 20_000 })
    t.match(told, { status: 1, stdout: '', stderr: /^[^\n]*nonsense[^\n]*\n$/ })
    t.notOk(existsSync(env.DATA_DIR))
  }
})

t.test('where npm cannot bring the Node that Carrel needs, one plain sentence says so', async (t) => {
  const { DATA_DIR } = await settingsFor(t)
  const old = join(DATA_DIR, 'old.cjs')
  writeFileSync(
    old,
    `Object.defineProperty(process, 'platform', { value: 'darwin' })
     Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })`
  )
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', old, 'src/commands/prepare.cjs'], {
    encoding: 'utf8'
  })
  t.equal(status, 1)
  t.equal(stdout, '')
  t.match(stderr, /^Carrel needs Node\.js 24\.11 or newer, [^\n]+\n$/)
})
