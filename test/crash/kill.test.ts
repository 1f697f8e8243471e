import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import SQLite from 'better-sqlite3'
import t from 'tap'
import { password, temporaryFolder } from '../support/carrel.ts'
import { type Server, serve } from '../support/server-process.ts'

const rounds = 50
const writers = 4

type Acknowledged = { emails: string[]; workspaces: string[]; token: string }

let people = 0

/** Signs people up and lets them make workspaces for as long as the server lives, and notes what it said yes to. */
async function write({ post }: Server, kept: Acknowledged, sent: () => void) {
  for (;;) {
    const email = `reader${++people}@example.com`
    sent()
    const person = { firstName: 'Ann', lastName: 'Arbor', email, password }
    const { token } = await post('/api/auth/signup', person)
    kept.emails.push(email)
    kept.token = token
    for (let number = 0; number < 3; number += 1) {
      sent()
      kept.workspaces.push((await post('/api/v1/workspaces', { name: `${email} ${number}` }, token)).id)
    }
  }
}

/** Lets everybody write, and kills the server at some moment of it. */
async function writeUntilKilled(server: Server, kept: Acknowledged) {
  let left = randomInt(1, 25)
  const struck = Promise.withResolvers<void>()
  const sent = () => {
    left -= 1
    if (left === 0) struck.resolve()
  }
  const writing = Array.from({ length: writers }, () => write(server, kept, sent).catch((error: Error) => error))
  const first = await Promise.race([struck.promise, ...writing])
  if (first) throw first
  for (let turns = randomInt(0, 200); turns > 0; turns -= 1) await turn()
  await server.end('SIGKILL')
  for (const error of await Promise.all(writing)) {
    if (!(error instanceof TypeError)) throw error
  }
}

const halfAccounts = `
  select email from accounts a where
    (select count(*) from user_contexts c where c.account_id = a.id) != 1 or
    (select count(*) from tasks k where k.account_id = a.id) != 3 or
    (select count(*) from workspaces w join memberships m on m.workspace_id = w.id and m.role = 'owner'
      where w.room_of = a.id and m.account_id = a.id) != 1`

const ownerless = `
  select id from workspaces w where
    (select count(*) from memberships m where m.workspace_id = w.id and m.role = 'owner') != 1`

/** What is wrong with the file that a killed server left, as the next one has opened it. */
function damage(file: string, kept: Acknowledged): unknown[] {
  const db = new SQLite(file, { readonly: true })
  const emails = new Set(db.prepare('select email from accounts').pluck().all())
  const workspaces = new Set(db.prepare('select id from workspaces').pluck().all())
  const found = [
    ...kept.emails.filter((email) => !emails.has(email)),
    ...kept.workspaces.filter((id) => !workspaces.has(id)),
    ...db.prepare(halfAccounts).pluck().all(),
    ...db.prepare(ownerless).pluck().all(),
    ...(db.pragma('integrity_check') as { integrity_check: string }[]).filter((row) => row.integrity_check !== 'ok'),
    ...(db.pragma('foreign_key_check') as unknown[])
  ]
  db.close()
  return found
}

t.test('a server killed at any moment loses nothing that it said yes to', { timeout: 110_000 }, async (t) => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'data/carrel.db')
  const kept: Acknowledged = { emails: [], workspaces: [], token: '' }
  // One that ends in peace leaves its compiled code behind, which makes the others start sooner.
  await (await serve(t, folder)).end('SIGTERM')

  for (let round = 0; round <= rounds; round += 1) {
    const server = await serve(t, folder)
    t.same(damage(file, kept), [], `after ${round} kills`)
    if (kept.token) {
      const headers = { authorization: `Bearer ${kept.token}` }
      t.equal((await fetch(`${server.site}/api/v1/auth/me`, { headers })).status, 200, 'whoever was signed in still is')
    }
    if (round < rounds) await writeUntilKilled(server, kept)
    else await server.end('SIGTERM')
  }
  t.ok(kept.emails.length > rounds && kept.workspaces.length > rounds, 'there was something to lose')
})

const trace = ['strace', '-f', '-y', '-s', '16', '-e', 'trace=fsync,fdatasync,write,writev,sendto']

/** Why calls to the operating system cannot be watched here; empty when they can. */
function untraceable(): string {
  if (!existsSync('/proc')) return 'only Linux has strace'
  const { status, error } = spawnSync('strace', ['-o', '/dev/null', 'true'])
  return error || status !== 0 ? 'strace is missing or not allowed' : ''
}

t.test('what is said yes to is on the disk before the yes is sent', async (t) => {
  const missing = untraceable()
  if (missing) {
    t.comment(`Not checked: ${missing}.`)
    return t.notOk(process.env.CARREL_TEST_REQUIRE === 'everything', missing)
  }
  const folder = temporaryFolder(t)
  const calls = join(folder, 'calls')
  const server = await serve(t, folder, { before: [...trace, '-o', calls] })
  const person = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }
  const { token } = await server.post('/api/auth/signup', person)
  for (let number = 0; number < 10; number += 1) await server.post('/api/v1/workspaces', { name: `${number}` }, token)
  await server.end('SIGTERM')

  const traced = readFileSync(calls, 'utf8').split('\n')
  const told = traced.map((line) => {
    if (/f(data)?sync\(\d+<[^>]*carrel\.db-wal>/.test(line)) return 'synced'
    return /HTTP\/1\.1 20[01]/.test(line) ? 'yes' : ''
  })
  const beforeEach = told.join(' ').split('yes').slice(0, -1)
  const commits = beforeEach.map((between) => between.split('synced').length - 1)
  t.equal(commits.length, 11, 'every yes was seen')
  t.ok((commits[0] as number) >= 2, `a sign-up and its session: ${commits[0]}`)
  for (const count of commits.slice(1)) t.ok(count >= 2, `a workspace and its line in the audit log: ${count}`)
})
