import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { type Kysely, sql } from 'kysely'
import t, { type Test } from 'tap'
import { passwordHashing } from '../../src/accounts/hashing.ts'
import { buildApp } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { claimJob } from '../../src/database/jobs.ts'
import { migrate, pendingMigrations } from '../../src/database/migrate.ts'
import { openDatabase } from '../../src/database/open.ts'
import type { Db } from '../../src/database/tables.ts'
import { Browser } from '../support/browser.ts'
import { password, settingsFor, startApp } from '../support/carrel.ts'

const steps = readdirSync(join(import.meta.dirname, '../../migrations'))
  .map((file) => file.replace(/\.ts$/, ''))
  .sort()

const long = '2026-01-01T00:00:00.000Z'
const days = {
  created_at: long,
  updated_at: long,
  at: long,
  leased_until: long,
  expires_at: '2999-01-01T00:00:00.000Z'
}

const [ann, flat] = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000f']

/** A row for every table that matters to Ann; only the columns that a table has at the time are filled. */
const rows: Record<string, Record<string, unknown>> = {
  accounts: { id: ann, email: 'ann@example.com', username: 'ann', first_name: 'Ann', last_name: 'Arbor', role: 'user' },
  user_contexts: { account_id: ann, context: '{"answers":"short"}' },
  workspaces: { id: flat, name: 'The flat', description: 'Leases', room_of: ann },
  memberships: { id: 'm', workspace_id: flat, account_id: ann, role: 'owner' },
  invites: { id: 'i', workspace_id: flat, created_by: ann, role: 'viewer', code_hash: 'h', uses: 0, max_uses: 1 },
  tasks: { id: 't', account_id: ann, kind: 'welcome' },
  jobs: { name: 'purge' },
  audit_events: { id: 'e', event: 'user.registered', detail: '{}' }
}

/** Every table with its columns as they can be seen from outside, in an order that does not depend on the engine. */
async function schemaOf(db: Db) {
  const tables = await db.introspection.getTables()
  const ours = tables.filter(({ name }) => !name.startsWith('kysely_'))
  const plain = ours.map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => `${column.name} ${column.dataType}${column.isNullable ? '' : ' not null'}`).sort()
  }))
  return plain.sort((one, other) => (one.name < other.name ? -1 : 1))
}

async function tablesOf(db: Db): Promise<string[]> {
  return (await schemaOf(db)).map(({ name }) => name)
}

async function emptyDatabase(t: Test) {
  const config = readConfig(await settingsFor(t))
  const db = await openDatabase(config)
  let open = true
  const close = async () => {
    if (open) await db.destroy()
    open = false
  }
  t.teardown(close)
  return { config, db, close }
}

/** A database as an older Carrel left it, with Ann's rows in the tables it had. */
async function databaseAt(t: Test, step: string) {
  const made = await emptyDatabase(t)
  await migrate(made.db, made.config, step)
  const plain = made.db as unknown as Kysely<Record<string, Record<string, unknown>>>
  const known = await made.db.introspection.getTables()
  const password_hash = await passwordHashing(1).hash(password)
  for (const [table, row] of Object.entries(rows)) {
    const columns = known.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? []
    const filled = Object.entries({ ...days, password_hash, ...row }).filter(([name]) => columns.includes(name))
    if (columns.length > 0) await plain.insertInto(table).values(Object.fromEntries(filled)).execute()
  }
  return made
}

async function keptRows(db: Db) {
  const plain = db as unknown as Kysely<Record<string, Record<string, unknown>>>
  const known = await tablesOf(db)
  const kept: Record<string, unknown> = {}
  for (const table of Object.keys(rows).filter((name) => known.includes(name))) {
    kept[table] = await plain.selectFrom(table).selectAll().execute()
  }
  return kept
}

t.test('from every earlier state the newest is reached, with all that was there', async (t) => {
  const fresh = await emptyDatabase(t)
  t.same(await migrate(fresh.db, fresh.config), steps)
  const newest = await schemaOf(fresh.db)

  for (const [index, step] of steps.slice(0, -1).entries()) {
    const { db, config, close } = await databaseAt(t, step)
    const before = await keptRows(db)
    t.same(await migrate(db, config), steps.slice(index + 1), `after ${step}`)
    t.same(await schemaOf(db), newest, `the schema of ${step} is the newest`)
    t.match(await keptRows(db), before, `the rows of ${step} are there`)
    t.same(await pendingMigrations(db), [])
    t.same(await migrate(db, config), [], 'once is enough')
    await close()

    const app = await buildApp(config)
    const browser = new Browser(app)
    t.equal((await browser.submit('/login', { email: 'ann@example.com', password })).statusCode, 303)
    t.equal((await browser.open('/')).statusCode, 200)
    t.equal((await browser.open('/workspaces')).body.includes('The flat'), 'workspaces' in before)
    await app.close()
  }
})

/** The tables each step adds; one that stands there already makes that step fail half-way. */
async function tablesAddedBy(t: Test): Promise<Map<string, string[]>> {
  const { db, config } = await emptyDatabase(t)
  const added = new Map<string, string[]>()
  let known: string[] = []
  for (const step of steps) {
    await migrate(db, config, step)
    const now = await tablesOf(db)
    added.set(
      step,
      now.filter((name) => !known.includes(name))
    )
    known = now
  }
  return added
}

t.test('a migration that fails leaves everything as it was, and works once mended', async (t) => {
  const added = await tablesAddedBy(t)
  const failing = steps.flatMap((step) => (added.get(step) ?? []).map((table) => ({ step, table })))
  t.ok(failing.length > 0, 'there is something that can fail')

  for (const { step, table } of failing) {
    const starts = [undefined, steps[steps.indexOf(step) - 1]].filter((start, at) => at === 0 || start)
    for (const start of starts) {
      const { db, config } = start ? await databaseAt(t, start) : await emptyDatabase(t)
      await sql`create table ${sql.table(table)} (in_the_way text)`.execute(db)
      const [schema, kept, pending] = [await schemaOf(db), await keptRows(db), await pendingMigrations(db)]
      const what = `${table} in the way of ${step} from ${start ?? 'nothing'}`

      await t.rejects(migrate(db, config), { message: `The database was left as it was, because ${step} failed` }, what)
      t.same([await schemaOf(db), await keptRows(db), await pendingMigrations(db)], [schema, kept, pending], what)
      await t.rejects(buildApp(config), what)

      await sql`drop table ${sql.table(table)}`.execute(db)
      t.same(await migrate(db, config), pending, `${what}, no longer`)
    }
  }
})

/** What is in the copies that were kept beside a SQLite file. */
function snapshotsOf(config: Config) {
  const folder = join(config.dataDir, 'snapshots')
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((name) => {
    const copy = new SQLite(join(folder, name), { readonly: true })
    const named = "select name from sqlite_master where type = 'table' and name not like 'kysely%' order by name"
    const tables = copy.prepare(named).pluck().all()
    const emails = copy.prepare('select email from accounts').pluck().all()
    const sound = copy.pragma('integrity_check', { simple: true })
    copy.close()
    return { name, tables, emails, sound, mode: statSync(folder).mode & 0o777 }
  })
}

t.test('before a SQLite file is changed a copy of it is kept, and only then', async (t) => {
  const fresh = await emptyDatabase(t)
  await migrate(fresh.db, fresh.config)
  await migrate(fresh.db, fresh.config)
  t.same(snapshotsOf(fresh.config), [], 'nothing is lost by making a new one')

  for (const [index, step] of steps.slice(0, -1).entries()) {
    const { db, config } = await databaseAt(t, step)
    for (const { name } of snapshotsOf(config)) t.fail(`${name} was kept too early`)
    const tables = await tablesOf(db)
    await migrate(db, config)
    if (config.databaseUrl) {
      t.same(snapshotsOf(config), [], 'PostgreSQL is backed up by other means')
      continue
    }
    const [kept, ...others] = snapshotsOf(config)
    t.same(others, [])
    t.match(kept, { tables, emails: ['ann@example.com'], sound: 'ok', mode: 0o700 })
    t.match(kept?.name, new RegExp(`^before-${steps[index + 1]}-[\\dTZ-]+\\.db$`))
  }
})

t.test('several that start at once on one database do not get in each other’s way', async (t) => {
  for (const start of [undefined, ...steps.slice(0, -1)]) {
    const { config, close } = start ? await databaseAt(t, start) : await emptyDatabase(t)
    await close()
    const starts = await Promise.allSettled(Array.from({ length: 4 }, () => buildApp(config)))
    const apps = starts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    t.teardown(() => Promise.all(apps.map((app) => app.close())))

    const refusals = starts.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    for (const { message } of refusals) t.match(message, /^Another Carrel is already serving/)
    t.equal(apps.length, config.databaseUrl ? 4 : 1, 'PostgreSQL serves all of them, a SQLite file one')

    const bob = { firstName: 'Bob', lastName: 'Birch', email: 'bob@example.com', password }
    for (const [index, app] of apps.entries()) {
      const { statusCode } = await new Browser(app).api('POST', '/api/auth/signup', bob)
      t.equal(statusCode, index === 0 ? 200 : 409, 'and what one has made the others see')
    }
  }
})

t.test('a job is given to one of those who ask, until its time is over', async (t) => {
  const { app, clock } = await startApp(t)
  const databases = [app.db]
  if (app.config.databaseUrl) {
    const other = await openDatabase(app.config)
    t.teardown(() => other.destroy())
    databases.push(other)
  }
  const ask = (name: string) =>
    Promise.all(
      Array.from({ length: 6 }, (_, n) => claimJob(databases[n % databases.length] as Db, name, 60_000, clock.now()))
    )
  const granted = async (name: string) => (await ask(name)).filter(Boolean).length

  for (const round of ['at first', 'when the lease is over', 'and again']) {
    t.equal(await granted('tidy'), 1, round)
    t.equal(await granted('tidy'), 0, 'nobody meanwhile')
    clock.pass(59)
    t.equal(await granted('tidy'), 0, 'nor a second before its end')
    t.equal(await granted(`another, ${round}`), 1, 'another job is another matter')
    clock.pass(1)
  }
})
