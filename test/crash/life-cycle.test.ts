import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { password, temporaryFolder } from '../support/carrel.ts'

const script = join(import.meta.dirname, '../../src/start.js')
const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const ann = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }
const bob = { ...ann, firstName: 'Bob', email: 'bob@example.com' }

type Settings = Record<string, string>

/** Runs a program as it is; the test runner would otherwise slip its own signal handlers into every Node. */
const untouched = ['-u', 'NODE_OPTIONS']

/** A server process started in a folder of its own, where it keeps its data too. */
function run(t: Test, folder: string, settings: Settings = {}) {
  const usual = { PORT: '0', HASH_MEMORY_MB: '1', DATA_DIR: join(folder, 'data') }
  const env = { PATH: process.env.PATH, ...usual, ...settings }
  const child = spawn('env', [...untouched, process.execPath, script], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let said = ''
  let complained = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  child.stderr.on('data', (text) => {
    complained += text
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, complained }))
  const stop = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  t.teardown(() => stop('SIGKILL'))

  /** What the server says that looks like this, as soon as it has said it. */
  async function hear(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(said)
      if (found) return found[1] ?? found[0]
      const more = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)])
      if (!more) throw new Error(`The server ended without saying ${pattern}: ${said}${complained}`)
    }
  }
  return { child, ended, hear, stop, said: () => said }
}

type Running = ReturnType<typeof run>

const opened = ({ hear }: Running) => hear(/Carrel is open at (http:\/\/127\.0\.0\.1:\d+)\n/)

async function serve(t: Test, folder: string, settings?: Settings) {
  const server = run(t, folder, settings)
  return { ...server, site: await opened(server) }
}

/** How a start that should be refused ends; one that is not refused is stopped. */
async function refused(t: Test, folder: string, settings?: Settings) {
  const server = run(t, folder, settings)
  const open = opened(server).then(
    () => true,
    () => false
  )
  if (await open) await server.stop('SIGKILL')
  return server.ended
}

function submit(site: string, path: string, fields: Settings) {
  const headers = { 'content-type': form, origin: site }
  return fetch(site + path, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams(fields).toString()
  })
}

function ask(site: string, path: string, body: object) {
  return fetch(site + path, { method: 'POST', headers: { 'content-type': json }, body: JSON.stringify(body) })
}

/** A sign-up whose body the server waits for: it has read the rest and said to go on. */
async function halfSignUp(site: string) {
  const body = JSON.stringify(ann)
  const socket = connect(Number(new URL(site).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (text) => {
    answer += text
  })
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(answer)))
  const head = ['POST /api/auth/signup HTTP/1.1', 'Host: a', `Content-Type: ${json}`, 'Expect: 100-continue']
  socket.write(`${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`)
  while (!answer.includes('100 Continue')) await once(socket, 'data')
  return { finish: () => socket.write(body), closed }
}

t.test('asked to stop, it finishes what it has begun and ends in peace', { timeout: 30_000 }, async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const folder = temporaryFolder(t)
    const { site, child, ended, hear } = await serve(t, folder)
    t.equal((await fetch(`${site}/login`)).status, 200, 'and leaves an idle connection behind')
    const request = await halfSignUp(site)
    child.kill(signal)
    await hear(/"stopping"/)
    request.finish()

    t.match(await request.closed, /HTTP\/1\.1 200 OK[\s\S]*"success":true/)
    t.match(await ended, { code: 0, complained: '' })
    const again = await serve(t, folder)
    t.equal((await ask(again.site, '/api/v1/auth/login', { email: ann.email, password })).status, 200)
    await again.stop('SIGKILL')
  }
})

t.test('asked to stop, it does not wait for ever for somebody who is silent', { timeout: 20_000 }, async (t) => {
  const { site, child, ended } = await serve(t, temporaryFolder(t))
  const request = await halfSignUp(site)
  child.kill('SIGTERM')
  t.match(await ended, { code: 0, complained: '' })
  t.notMatch(await request.closed, '"success":true')
})

t.test('a second server for the same data is refused, and the first goes on', async (t) => {
  const folder = temporaryFolder(t)
  const { site } = await serve(t, folder)
  const second = await refused(t, folder)
  t.equal(second.code, 1)
  t.match(second.complained, /^Another Carrel is already serving \S+\. Stop it first\.\n$/)
  t.equal((await ask(site, '/api/auth/signup', ann)).status, 200)
})

t.test('a port that is taken is told in a line', async (t) => {
  const { site } = await serve(t, temporaryFolder(t))
  const second = await refused(t, temporaryFolder(t), { PORT: new URL(site).port })
  t.equal(second.code, 1)
  t.match(second.complained, /^PORT must be [^\n]*address already in use[^\n]*\n$/)
})

t.test('a host that is not this machine is told in a line', async (t) => {
  for (const HOST of ['8.8.8.8', '999.1.1.1']) {
    const { code, complained } = await refused(t, temporaryFolder(t), { HOST })
    t.equal(code, 1)
    t.match(complained, /^HOST must be an address of this machine[^\n]*\n$/, HOST)
  }
})

t.test('data that cannot be kept where it should be is told in a line', { timeout: 30_000 }, async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'file'), '')
  for (const DATA_DIR of ['/proc', '/proc/x/y', join(folder, 'file/x')]) {
    const { code, complained } = await refused(t, folder, { DATA_DIR })
    t.equal(code, 1)
    t.match(complained, /^DATA_DIR must be a folder that can be written to[^\n]*\n$/, DATA_DIR)
  }
  const deep = join(folder, 'not/yet/there')
  await (await serve(t, folder, { DATA_DIR: deep })).stop('SIGTERM')
  t.equal(statSync(join(folder, 'not')).mode & 0o777, 0o700)
  t.notOk(
    readdirSync(deep).some((name) => name.startsWith('writable')),
    'and trying it leaves nothing behind'
  )
})

/** What answers every PostgreSQL client that its password is wrong. */
async function doorkeeper(t: Test): Promise<number> {
  const fields = 'SFATAL\0C28P01\0Mpassword authentication failed\0\0'
  const answer = Buffer.from(`E\0\0\0\0${fields}`)
  answer.writeInt32BE(4 + fields.length, 1)
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(answer))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

t.test('a database that is not there, or lets nobody in, is told in a line without the password', async (t) => {
  const why = { 1: 'ECONNREFUSED', [await doorkeeper(t)]: 'password authentication failed' }
  for (const [port, reason] of Object.entries(why)) {
    const DATABASE_URL = `postgres://carrel:hidden@127.0.0.1:${port}/carrel`
    const { code, complained } = await refused(t, temporaryFolder(t), { DATABASE_URL })
    t.equal(code, 1)
    t.match(complained, new RegExp(`^DATABASE_URL must lead to a PostgreSQL database[^\\n]*${reason}[^\\n]*\\n$`))
    t.notMatch(complained, 'hidden')
  }
})

t.test('a server that was killed leaves nothing in the way of the next', async (t) => {
  const folder = temporaryFolder(t)
  const first = await serve(t, folder)
  await ask(first.site, '/api/auth/signup', ann)
  t.match(await first.stop('SIGKILL'), { signal: 'SIGKILL' })
  const { site } = await serve(t, folder)
  t.equal((await ask(site, '/api/v1/auth/login', { email: ann.email, password })).status, 200)
})

t.test('each wrong setting is named in a line of its own, and nothing starts', async (t) => {
  const wrong: Settings[] = [
    { PORT: '70000' },
    { AFTER_SIGNUP_PATH: '//evil.example', API_LIMIT: '0', SMTP_URL: 'mail' },
    { NODE_ENV: 'production', SECRET_KEY: 'x'.repeat(32), HASH_MEMORY_MB: '1' }
  ]
  for (const settings of wrong) {
    const { code, complained } = await refused(t, temporaryFolder(t), settings)
    const names = Object.keys(settings).filter((name) => !('NODE_ENV' in settings) || name === 'HASH_MEMORY_MB')
    const lines = complained.trimEnd().split('\n')
    t.equal(code, 1, names.join())
    t.same(lines.map((line) => /^(\w+) must be .+\.$/.exec(line)?.[1]).sort(), names.sort(), complained)
  }
})

t.test('.env is read where the server starts, and the environment goes before it', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, '.env'), '# ours\nSIGNUP=closed\nDATA_DIR=elsewhere\nPORT=not-used\n')
  const closed = await serve(t, folder, { DATA_DIR: join(folder, 'data') })
  t.match(await (await fetch(`${closed.site}/register`)).text(), 'Not open to newcomers')
  await closed.stop('SIGTERM')
  const open = await serve(t, folder, { SIGNUP: 'open' })
  t.equal((await ask(open.site, '/api/auth/signup', ann)).status, 200)

  writeFileSync(join(folder, '.env'), 'API_LIMIT=none\n')
  t.match(await refused(t, folder), { code: 1, complained: /^API_LIMIT must be / })
})

t.test('production makes no secret by itself, and starts with one that is set or kept', async (t) => {
  const production = { NODE_ENV: 'production', HASH_MEMORY_MB: '19' }
  const fresh = temporaryFolder(t)
  t.match(await refused(t, fresh, production), { code: 1, complained: /^SECRET_KEY must be set in production.*\n$/ })
  const set = await serve(t, fresh, { ...production, SECRET_KEY: 'x'.repeat(32) })
  t.equal((await fetch(`${set.site}/health`)).status, 200)

  const kept = temporaryFolder(t)
  await (await serve(t, kept)).stop('SIGTERM')
  t.equal((await fetch(`${(await serve(t, kept, production)).site}/health`)).status, 200)
})

t.test('the secret is made once, for its owner alone, and one that was cut short is not used', async (t) => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'data/secret')
  const first = await serve(t, folder)
  const { token } = (await (await ask(first.site, '/api/auth/signup', ann)).json()) as { token: string }
  await first.stop('SIGTERM')
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.equal(statSync(join(folder, 'data')).mode & 0o777, 0o700)

  const second = await serve(t, folder)
  const headers = { authorization: `Bearer ${token}` }
  t.equal((await fetch(`${second.site}/api/v1/auth/me`, { headers })).status, 200, 'it is the same after a restart')
  await second.stop('SIGTERM')
  for (const rest of ['', '\n', 'abc', `${'x'.repeat(40)}\nabc\n`]) {
    writeFileSync(file, rest)
    t.match(await refused(t, folder), { code: 1, complained: /secret/ }, JSON.stringify(rest))
  }
})

const setupLink = ({ hear }: Running) => hear(/(http:\S+\/setup\?token=[\w-]{43})\n/)

t.test('the setup link is printed while nobody has an account, and makes one administrator', async (t) => {
  const folder = temporaryFolder(t)
  const first = await serve(t, folder)
  const dead = await setupLink(first)
  await first.stop('SIGTERM')
  const second = await serve(t, folder)
  const link = await setupLink(second)
  t.not(new URL(link).search, new URL(dead).search)
  t.equal((await fetch(link)).status, 200)

  const token = new URL(link).searchParams.get('token') as string
  const people = [ann, bob, { ...ann, email: 'cleo@example.com' }]
  const answers = await Promise.all(people.map((person) => submit(second.site, '/setup', { ...person, token })))
  t.same(answers.map(({ status }) => status).sort(), [303, 404, 404])
  t.equal((await fetch(link)).status, 404, 'it is used up')
  const other = new URL(dead).searchParams.get('token') as string
  t.equal((await submit(second.site, '/setup', { ...bob, token: other })).status, 404, 'and so is the one before')

  const signedIn = await Promise.all(
    people.map(async ({ email }) => {
      const answer = await ask(second.site, '/api/v1/auth/login', { email, password })
      if (!answer.ok) return undefined
      const { access_token } = (await answer.json()) as { access_token: string }
      const me = await fetch(`${second.site}/api/v1/auth/me`, { headers: { authorization: `Bearer ${access_token}` } })
      return ((await me.json()) as { role: string }).role
    })
  )
  t.same(
    signedIn.filter((role) => role !== undefined),
    ['admin']
  )
  await second.stop('SIGTERM')
  const third = await serve(t, folder)
  await third.stop('SIGTERM')
  t.notMatch(third.said(), '/setup')
})

t.test('whatever watches over it is told that it lives and can serve', async (t) => {
  const { site } = await serve(t, temporaryFolder(t))
  t.match(await (await fetch(`${site}/health`)).json(), { status: 'ok' })
  t.match(await (await fetch(`${site}/ready`)).json(), { status: 'ready' })
})

/** While nothing can be written: a plain refusal everywhere, and what can be read is still there. Then all is well. */
async function survives(t: Test, server: Running & { site: string }, breakIt: () => void, mendIt: () => void) {
  const { site, hear } = server
  t.equal((await ask(site, '/api/auth/signup', ann)).status, 200)
  breakIt()
  const page = await submit(site, '/register', bob)
  t.equal(page.status, 503)
  t.equal(page.headers.get('retry-after'), '30')
  t.match(page.headers.get('content-type'), 'text/html')
  t.match(await page.text(), 'Nothing was saved')
  const answer = await ask(site, '/api/auth/signup', bob)
  t.match([answer.status, await answer.json()], [503, { code: 'STORAGE_DOWN', message: /Nothing was saved/ }])
  const line = await hear(/.*cannot reach its storage.*\n/)
  t.match(JSON.parse(line), { level: 50, req: { method: 'POST', path: '/register' } })
  t.notMatch(line, password)
  t.equal((await fetch(`${site}/login`)).status, 200, 'a page that writes nothing is served')

  mendIt()
  t.equal((await submit(site, '/register', bob)).status, 303, 'and all is well again')
  for (const { email } of [ann, bob]) t.equal((await ask(site, '/api/v1/auth/login', { email, password })).status, 200)
}

/** Says why a test cannot be made here, which is wrong only where everything is required. */
function unable(t: Test, why: string) {
  t.comment(`Not checked: ${why}.`)
  t.notOk(process.env.CARREL_TEST_REQUIRE === 'everything', why)
}

t.test('when the system lets it write no more, it says so and goes on when it may', async (t) => {
  const limit = (pid: number | undefined, bytes: string) =>
    spawnSync('prlimit', ['--pid', `${pid ?? process.pid}`, `--fsize=${bytes}:`]).status === 0
  if (spawnSync('prlimit', ['--fsize']).status !== 0) return unable(t, 'there is no prlimit')
  const server = await serve(t, temporaryFolder(t))
  const { pid } = server.child
  await survives(
    t,
    server,
    () => t.ok(limit(pid, '0')),
    () => t.ok(limit(pid, 'unlimited'))
  )
})

/** A small disk of its own; undefined where that is not allowed. */
function smallDisk(t: Test): string | undefined {
  const folder = temporaryFolder(t)
  const place = join(folder, 'data')
  mkdirSync(place)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=700', 'tmpfs', place]).status !== 0) return undefined
  t.teardown(() => spawnSync('umount', ['-l', place]))
  return folder
}

t.test('when the disk is full, it says so and goes on when there is room', async (t) => {
  const folder = smallDisk(t)
  if (!folder) return t.comment('Not checked: only root may mount a small disk.')
  const filler = join(folder, 'data/filler')
  const server = await serve(t, folder)
  await survives(
    t,
    server,
    () => {
      for (const size of [1024 * 1024, 4096]) {
        const block = Buffer.alloc(size)
        try {
          for (;;) writeFileSync(filler, block, { flag: 'a' })
        } catch {}
      }
    },
    () => rmSync(filler)
  )
})

t.test('data that may only be read is refused at the start, and taken once it may be written', async (t) => {
  const folder = smallDisk(t)
  if (!folder) return t.comment('Not checked: only root may mount a disk.')
  const remount = (how: string) => spawnSync('mount', ['-o', `remount,${how}`, join(folder, 'data')]).status
  const first = await serve(t, folder)
  await ask(first.site, '/api/auth/signup', ann)
  await first.stop('SIGTERM')

  t.equal(remount('ro'), 0)
  t.match(await refused(t, folder), { code: 1, complained: /^[^\n]*DATA_DIR[^\n]*\n$/ })
  t.equal(remount('rw'), 0)
  const { site } = await serve(t, folder)
  t.equal((await ask(site, '/api/v1/auth/login', { email: ann.email, password })).status, 200)
})
