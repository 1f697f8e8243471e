import { spawnSync } from 'node:child_process'
import { appendFileSync, globSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import SQLite from 'better-sqlite3'
import pg from 'pg'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Embedder } from '../../src/search/embedder.ts'
import { Browser } from '../support/browser.ts'
import { password, settingsFor } from '../support/carrel.ts'

type Settings = { DATA_DIR: string; DATABASE_URL?: string }

const well = /^No orphans: \d+ documents?, \d+ passages?, and all that belongs to them\.$/
const nobodys = '01900000-0000-7000-8000-000000000000'
const lease = '# Repairs\n\nThe landlord repairs the boiler.\n\n# Rent\n\nThe rent may rise once a year.'

const embedder: Embedder = {
  id: 'of tests',
  dimensions: 2,
  embed: async (texts) => texts.map((text) => Float32Array.of(text.length, 1)),
  close: async () => {}
}

function doctor(settings: Settings, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/commands/doctor.ts', ...args], {
    env: { ...process.env, ...settings },
    encoding: 'utf8'
  })
  return { status, said: stdout.trim(), complained: stderr.trim() }
}

async function open(t: Test, settings: Settings) {
  const app = await buildApp(readConfig(settings), { embedder })
  t.teardown(() => app.close())
  const ann = new Browser(app)
  const newcomer = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }
  const answer = await ann.submit('/register', newcomer)
  if (answer.statusCode !== 303) await ann.submit('/login', newcomer)
  return { app, ann }
}

/** Ann's desk with a lease and an answer that cites it. */
async function furnish({ ann, app }: Awaited<ReturnType<typeof open>>) {
  const flat = await ann.makesWorkspace('Flat')
  const id = await ann.puts(flat, 'Lease', lease, ['home'])
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  const { answer } = (
    await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content: 'Who repairs the boiler?' })
  ).json()
  const workspace = app.db.selectFrom('workspaces').select('index_name').where('id', '=', flat)
  const { index_name } = await workspace.executeTakeFirstOrThrow()
  return { flat, id, answer: answer.id as string, index_name }
}

/** Changes the database in a way that it would not let anybody. */
async function force(settings: Settings, statement: string) {
  if (settings.DATABASE_URL) {
    const client = new pg.Client({ connectionString: settings.DATABASE_URL })
    await client.connect()
    await client.query(`set session_replication_role = replica; ${statement}`).finally(() => client.end())
    return
  }
  const sqlite = new SQLite(join(settings.DATA_DIR, 'carrel.db'))
  sqlite.pragma('foreign_keys = off')
  sqlite.exec(statement)
  sqlite.close()
}

function inIndex(file: string, statement: string) {
  const sqlite = new SQLite(file)
  sqlite.exec(statement)
  sqlite.close()
}

t.test('the doctor names whatever belongs to nothing, or has lost what belongs to it, and mends it', async (t) => {
  const settings = (await settingsFor(t)) as Settings
  const desk = await open(t, settings)
  const { flat, id, answer, index_name } = await furnish(desk)
  await desk.app.close()
  t.match(doctor(settings), { status: 0, said: well, complained: '' })

  const at = (...path: string[]) => join(settings.DATA_DIR, ...path)
  const [index = ''] = globSync(at(`indexes/**/${index_name}.db`))
  const aPassage = (passage: string, document: string) => `insert into passages
    (id, workspace_id, document_id, n, text, headings, section, lead)
    values ('${passage}', '${flat}', '${document}', 9, 'x', '[]', '', '')`
  const bytes = settings.DATABASE_URL ? "'\\x00'" : "x'00'"

  const damages: [what: string, damage: () => unknown, says: RegExp][] = [
    [
      'an original without a document',
      () => writeFileSync(at('originals/stray'), 'x'),
      /^The original stray belongs to no document\.$/
    ],
    [
      'a deletion that was cut off',
      () => force(settings, "insert into leftovers values ('file', 'gone')"),
      /^The original gone was deleted, and has not been removed yet\.$/
    ],
    [
      'a passage without a document',
      () => force(settings, aPassage('p', nobodys)),
      /^Passages without a document: 1\.$/m
    ],
    [
      'a vector without a passage',
      () => force(settings, `insert into passage_vectors values ('gone', 'e', ${bytes})`),
      /^Vectors without a passage: 1\.$/m
    ],
    [
      'a citation of nothing',
      () =>
        force(
          settings,
          `insert into citations (message_id, n, workspace_id, document_id, passage_id, passage_n, section, quote)
           values ('${answer}', 9, '${flat}', '${nobodys}', 'p', 1, '', 'x')`
        ),
      /^Citations of a document that is gone: 1\.$/m
    ],
    [
      'a quote from nothing',
      () =>
        force(
          settings,
          `insert into answer_parts (message_id, k, kind, text, workspace_id, document_id)
           values ('${answer}', 99, 'quote', 'x', '${flat}', '${nobodys}')`
        ),
      /^Quotes from a document that is gone: 1\.$/m
    ],
    [
      'a tag on nothing',
      () => force(settings, `update document_tags set document_id = '${nobodys}'`),
      /^Tags on a document that is gone: 1\.$/m
    ],
    [
      'an index of nothing',
      () => writeFileSync(join(dirname(index), 'nobodys.db'), readFileSync(index)),
      /^The index nobodys belongs to nothing\.$/
    ],
    [
      'something else among the indexes',
      () => writeFileSync(join(dirname(index), 'notes.txt'), 'x'),
      /^Among the indexes is something else: notes\.txt\.$/
    ],
    [
      'an index that lacks a passage',
      () => inIndex(index, 'delete from passages'),
      /^The index \w+ lacks passages: \d+\.\nThe index \w+ has words or vectors of no passage: \d+\.$/
    ]
  ]
  for (const [what, damage, says] of damages) {
    await damage()
    t.match(doctor(settings), { status: 1, said: '', complained: says }, what)
    t.match(doctor(settings, '--fix'), { status: 0, said: /^Mended \d+ problems?:\n/ }, `${what}, mended`)
    t.match(doctor(settings), { status: 0, said: well }, `${what}, and after that`)
  }

  const again = await open(t, settings)
  const { items } = (await again.ann.open(`/api/v1/search?workspace_id=${flat}&q=boiler`)).json()
  t.match(items, [{ document_id: id }], 'the index was made again')
  await again.app.close()

  const indexDamages: [what: string, damage: () => unknown, says: RegExp][] = [
    [
      'an index with a passage that is gone',
      () =>
        inIndex(
          index,
          "insert into passages (name, document, length, lot, content) select 'gone', min(id), 1, 1, x'00' from documents"
        ),
      /^The index \w+ has passages that are gone: 1\.$/
    ],
    [
      'an index from the future',
      () => inIndex(index, 'update meta set revision = 1000'),
      /^The index \w+ is ahead of the database\.$/
    ],
    [
      'an index that is none',
      () => writeFileSync(index, 'no index at all '.repeat(1000)),
      /^The index \w+ is damaged\.$/
    ]
  ]
  for (const [what, damage, says] of indexDamages) {
    await damage()
    t.match(doctor(settings), { status: 1, complained: says }, what)
    t.match(doctor(settings, '--fix'), { status: 0 }, `${what}, mended`)
    const mended = await open(t, settings)
    await mended.ann.open(`/api/v1/search?workspace_id=${flat}&q=boiler`)
    await mended.app.close()
    t.match(doctor(settings), { status: 0, said: well }, `${what}, made again`)
  }
})

t.test('a document that is ready without its text is read again', async (t) => {
  const settings = (await settingsFor(t)) as Settings
  const desk = await open(t, settings)
  const { id } = await furnish(desk)
  await desk.app.close()
  await force(settings, 'delete from passages')
  await force(settings, 'delete from passage_vectors')
  const told = doctor(settings)
  t.match(told, {
    status: 1,
    complained: new RegExp(`^Document ${id} is ready, but none of its text is there\\.$`, 'm')
  })
  t.match(told.complained, /^The index \w+ has passages that are gone: \d+\.$/m)
  t.match(doctor(settings, '--fix'), { status: 0 })
  const { app, ann } = await open(t, settings)
  await app.ready()
  await app.reading.done()
  t.match((await ann.open(`/api/v1/documents/${id}`)).json(), { status: 'ready' })
  await app.close()
  t.match(doctor(settings), { status: 0, said: well })
})

t.test('an original that is lost or changed is named, and not made up', async (t) => {
  const settings = (await settingsFor(t)) as Settings
  const desk = await open(t, settings)
  const { id } = await furnish(desk)
  await desk.app.close()
  const [file = ''] = globSync(join(settings.DATA_DIR, 'originals/*'))
  const whole = readFileSync(file)
  const damages: Record<string, () => void> = {
    [`Document ${id} has lost its original, ${file.split('/').at(-1)}.`]: () =>
      renameSync(file, `${settings.DATA_DIR}/elsewhere`),
    [`The original of document ${id} has ${whole.length + 1} bytes instead of ${whole.length}.`]: () =>
      appendFileSync(file, 'x'),
    [`The original of document ${id} is not what was put there.`]: () =>
      writeFileSync(
        file,
        whole.map((byte) => byte ^ 1)
      )
  }
  for (const [says, damage] of Object.entries(damages)) {
    damage()
    t.same(doctor(settings), { status: 1, said: '', complained: says })
    t.same(doctor(settings, '--fix'), { status: 1, said: '', complained: says })
    writeFileSync(file, whole)
  }
  t.match(doctor(settings), { status: 0, said: well })
})

t.test('a server may be at work meanwhile; what it is still busy with is no fault', async (t) => {
  const settings = (await settingsFor(t)) as Settings
  const desk = await open(t, settings)
  const { app, ann } = desk
  const { flat, id } = await furnish(desk)
  t.match(doctor(settings), { status: 0, said: well })

  writeFileSync(join(settings.DATA_DIR, 'originals/arriving'), 'half of a file')
  await ann.api('PATCH', `/api/v1/documents/${id}`, { title: 'Renamed' })
  await app.db.insertInto('leftovers').values({ kind: 'file', name: 'arriving' }).execute()
  t.match(doctor(settings), { status: 0, said: well }, 'an upload, a deletion, and an index that is behind')
  await force(settings, `update passages set document_id = '${nobodys}' where n = 1`)
  t.match(doctor(settings), { status: 1, complained: /^Passages without a document: 1\.$/m })
  if (!settings.DATABASE_URL) t.match(doctor(settings, '--fix'), { status: 1, complained: /already serving/ })
  t.equal((await ann.open(`/workspaces/${flat}`)).statusCode, 200)
})

if (!process.env.CARREL_TEST_POSTGRES) {
  t.test('with --fix the database file is written anew, without the space of what was deleted', async (t) => {
    const settings = (await settingsFor(t)) as Settings
    const { app, ann } = await open(t, settings)
    const flat = await ann.makesWorkspace('Flat')
    await ann.puts(flat, 'Long', Array.from({ length: 2000 }, (_, n) => `${lease} ${n}`).join('\n\n'))
    await ann.submit(`/workspaces/${flat}/delete`)
    await app.close()
    const space = () => {
      const sqlite = new SQLite(join(settings.DATA_DIR, 'carrel.db'), { readonly: true })
      const pages = sqlite.pragma('freelist_count', { simple: true }) as number
      sqlite.close()
      return pages
    }
    t.ok(space() > 10)
    t.match(doctor(settings, '--fix'), { status: 0, said: well })
    t.equal(space(), 0)
  })

  t.test('damage to the database file is told as SQLite tells it', async (t) => {
    const settings = (await settingsFor(t)) as Settings
    const desk = await open(t, settings)
    const { flat } = await furnish(desk)
    await desk.app.close()
    const sqlite = new SQLite(join(settings.DATA_DIR, 'carrel.db'))
    sqlite.unsafeMode(true)
    sqlite.pragma('writable_schema = on')
    sqlite.exec(
      "update sqlite_schema set sql = replace(sql, 'workspace_id', 'title') where name = 'chats_of_workspace'"
    )
    sqlite.close()
    t.match(doctor(settings), { status: 1, complained: /^The database file is damaged: .*chats_of_workspace.*\.$/m })

    const other = (await settingsFor(t)) as Settings
    await (await open(t, other)).app.close()
    await force(other, `insert into removed_documents values ('${flat}', 1, 'x')`)
    const says = 'Rows of removed_documents that point to workspaces that are not there: 1.'
    t.match(doctor(other), { status: 1, complained: says })
  })
}

t.test('the doctor explains itself, and refuses what it does not know', async (t) => {
  const settings = (await settingsFor(t)) as Settings
  t.match(doctor(settings, '--help'), { status: 0, said: /^npm run doctor/ })
  t.match(doctor(settings, '--nonsense'), { status: 1, said: '', complained: /--nonsense/ })
})
