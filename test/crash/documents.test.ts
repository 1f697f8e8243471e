import { spawnSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { password, temporaryFolder } from '../support/carrel.ts'
import { filesWith } from '../support/files.ts'
import { type Server, serve } from '../support/server-process.ts'
import { stallingModels } from '../support/stalling-models.ts'

type Document = { id: string; title: string; status: string; step: string; error: string | null }
type Exchange = { question: { content: string }; answer: { status: string; content: string } }
type Desk = {
  token: string
  flat: string
  chat: string
  /** The title of each document that was said yes to, by its id. */
  kept: Map<string, string>
  /** A word that only one document has, by its title. */
  words: Map<string, string>
  /** Which of them were asked to be deleted. */
  doubtful: Set<string>
  /** The words of those whose deletion was said yes to. */
  gone: string[]
  answered: number
}
type Models = Awaited<ReturnType<typeof stallingModels>>

const paragraph = (word: string, n: number) =>
  `# Part ${n}\n\nHere ${word} stands in part ${n}. ${'The landlord repairs what is broken in the house. '.repeat(30)}`
const textWith = (word: string) => Array.from({ length: 6 }, (_, n) => paragraph(word, n)).join('\n\n')
/** What words have in common at their beginning is kept only once in an index, so it is their ends that are looked for. */
const newWord = () => `qz${randomBytes(8).toString('hex')}`
const endOf = (word: string) => word.slice(4)

const listed = async (server: Server, { token, flat }: Desk) =>
  (
    (await server.send('GET', `/api/v1/documents?workspace_id=${flat}&limit=100`, undefined, token)) as {
      items: Document[]
    }
  ).items

const exchanges = async (server: Server, { token, chat }: Desk) =>
  ((await server.send('GET', `/api/v1/chats/${chat}/messages`, undefined, token)) as { items: Exchange[] }).items

async function put(server: Server, desk: Desk) {
  const [title, word] = [`Paper ${desk.words.size + 1}`, newWord()]
  desk.words.set(title, word)
  const body = { workspace_id: desk.flat, title, text: textWith(word) }
  const { id } = await server.post('/api/v1/documents', body, desk.token)
  desk.kept.set(id, title)
}

async function remove(server: Server, desk: Desk, id: string) {
  desk.doubtful.add(id)
  await server.send('DELETE', `/api/v1/documents/${id}`, undefined, desk.token)
  desk.gone.push(desk.words.get(desk.kept.get(id) as string) as string)
  desk.kept.delete(id)
}

async function ask(server: Server, desk: Desk) {
  const body = { content: 'What does the landlord repair?' }
  const { answer } = (await server.post(`/api/v1/chats/${desk.chat}/messages`, body, desk.token)) as never as Exchange
  if (answer.status === 'done') desk.answered += 1
}

/** Asks the server as often as that, which takes it some time. */
async function whileAsked(server: Server, times: number) {
  for (let asked = 0; asked < times; asked += 1) await fetch(`${server.site}/health`)
}

/** Once everything on the desk has been read, and nothing is read twice or lost. */
async function settled(server: Server, desk: Desk): Promise<Document[]> {
  for (;;) {
    const documents = await listed(server, desk)
    if (documents.every(({ status }) => status !== 'pending')) return documents
  }
}

/** What may be going on at the moment of a kill, up to that moment. */
const moments: Record<string, (server: Server, desk: Desk, models: Models) => Promise<unknown>> = {
  async extracting(server, desk) {
    await Promise.all([put(server, desk), put(server, desk)])
    while (!(await listed(server, desk)).some(({ step }) => step === 'extracting')) await whileAsked(server, 1)
  },
  async 'giving vectors'(server, desk, models) {
    const asked = models.next('embeddings', { stall: true })
    await put(server, desk)
    await asked
  },
  async finishing(server, desk, models) {
    const asked = models.next('embeddings')
    await put(server, desk)
    await asked
    await whileAsked(server, randomInt(0, 8))
  },
  async answering(server, desk, models) {
    const asked = models.next('completions', { stall: true })
    ask(server, desk).catch(() => {})
    await asked
    await whileAsked(server, randomInt(0, 20))
  },
  async deleting(server, desk) {
    const [first, second] = desk.kept.keys()
    await remove(server, desk, first as string)
    remove(server, desk, second as string).catch(() => {})
    await whileAsked(server, randomInt(0, 4))
  },
  async 'all of it'(server, desk) {
    const [first] = desk.kept.keys()
    const going = [put(server, desk), ask(server, desk), remove(server, desk, first as string), put(server, desk)]
    for (const one of going) one.catch(() => {})
    await whileAsked(server, randomInt(0, 150))
  }
}

/** What a start finds after a kill, once it has gone on with what was interrupted. */
async function check(t: Test, server: Server, desk: Desk, when: string) {
  const documents = await settled(server, desk)
  t.same([...new Set(documents.map(({ status }) => status))], ['ready'], `${when}: each document is ready`)
  const there = new Map(documents.map(({ id, title }) => [id, title]))
  const lost = [...desk.kept.keys()].filter((id) => !there.has(id) && !desk.doubtful.has(id))
  t.same(lost, [], `${when}: none is lost`)
  const back = [...there.values()].filter((title) => desk.gone.includes(desk.words.get(title) as string))
  t.same(back, [], `${when}: none comes back`)
  // Of some nobody heard whether they were put there or deleted.
  desk.kept = there
  const states = (await exchanges(server, desk)).map(({ answer }) => answer.status)
  t.same(
    states.filter((state) => !['done', 'interrupted'].includes(state)),
    [],
    `${when}: no answer is left open`
  )
  t.ok(states.filter((state) => state === 'done').length >= desk.answered, `${when}: no answer is lost`)
}

/** How many passages the documents have, each number once, and whether any text comes twice. */
function passagesIn(folder: string) {
  const sqlite = new SQLite(join(folder, 'data/carrel.db'), { readonly: true })
  const count = 'count(*) as passages, count(distinct text) as texts, max(n) as last'
  const rows = sqlite.prepare(`select distinct ${count} from passages group by document_id`).all()
  sqlite.close()
  return rows
}

/**
 * Every file in which a word is left. The database is looked at as SQLite writes it anew: in the free space of its pages
 * there may be copies of rows that it has moved, which it does not clear.
 */
function filesLeft(folder: string, word: string): string[] {
  const copy = mkdtempSync(join(folder, 'copy-'))
  for (const ending of ['', '-wal']) cpSync(join(folder, `data/carrel.db${ending}`), join(copy, `carrel.db${ending}`))
  const sqlite = new SQLite(join(copy, 'carrel.db'))
  sqlite.exec('vacuum')
  sqlite.close()
  const files = filesWith(folder, endOf(word))
  rmSync(copy, { recursive: true })
  return files.filter((file) => !file.startsWith(join(folder, 'data/carrel.db')))
}

function doctor(folder: string) {
  const env = { PATH: process.env.PATH, DATA_DIR: join(folder, 'data') }
  const { status, stderr } = spawnSync(process.execPath, ['src/commands/doctor.ts'], { env, encoding: 'utf8' })
  return { status, stderr }
}

async function newDesk(server: Server): Promise<Desk> {
  const person = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }
  const { token } = await server.post('/api/auth/signup', person)
  const flat = (await server.post('/api/v1/workspaces', { name: 'Flat' }, token)).id
  const chat = (await server.post('/api/v1/chats', { workspace_id: flat }, token)).id
  return { token, flat, chat, kept: new Map(), words: new Map(), doubtful: new Set(), gone: [], answered: 0 }
}

t.test(
  'a server killed while it works on documents doubles none, loses none and keeps none that was deleted',
  { timeout: 110_000 },
  async (t) => {
    const folder = temporaryFolder(t)
    const models = await stallingModels(t)
    const settings = { MODEL_URL: models.url, EMBEDDING_URL: models.url, EMBEDDING_NAME: 'small' }
    let server = await serve(t, folder, { settings })
    const desk = await newDesk(server)
    while (desk.kept.size < 4) await put(server, desk)
    await settled(server, desk)
    await ask(server, desk)
    const [whole] = passagesIn(folder)

    const rounds = [
      ...Object.entries(moments),
      ...Object.entries(moments).slice(-3),
      ...Object.entries(moments).slice(-1)
    ]
    for (const [when, until] of rounds) {
      while (desk.kept.size < 3) await put(server, desk)
      await settled(server, desk)
      await until(server, desk, models)
      await server.end('SIGKILL')
      for (const word of desk.gone) t.same(filesLeft(folder, word), [], `${when}: nothing of what was deleted`)
      models.recover()
      server = await serve(t, folder, { settings })
      await check(t, server, desk, when)
      t.same(passagesIn(folder), [whole], `${when}: its passages are there once`)
      t.same(doctor(folder), { status: 0, stderr: '' }, `${when}: no orphans`)
    }
    t.ok(desk.gone.length >= 2 && desk.answered >= 1, 'there was something to lose')
    await server.end('SIGTERM')
    t.same(doctor(folder), { status: 0, stderr: '' }, 'nor once it has ended')
  }
)

t.test(
  'a document during which the server dies three times is not begun again by itself',
  { timeout: 60_000 },
  async (t) => {
    const folder = temporaryFolder(t)
    const models = await stallingModels(t)
    const settings = { EMBEDDING_URL: models.url, EMBEDDING_NAME: 'small' }
    let server = await serve(t, folder, { settings })
    const desk = await newDesk(server)
    let asked = models.next('embeddings', { stall: true })
    await put(server, desk)
    for (let deaths = 0; deaths < 3; deaths += 1) {
      await asked
      await server.end('SIGKILL')
      asked = models.next('embeddings', { stall: true })
      server = await serve(t, folder, { settings })
    }
    const [document] = await settled(server, desk)
    t.match(document, { status: 'failed', error: /Carrel was stopped each time/ })
    models.recover()
    await put(server, desk)
    t.match(await settled(server, desk), [{ status: 'ready' }, { status: 'failed' }], 'others are read')
    await server.send('POST', `/api/v1/documents/${document?.id}/retry`, undefined, desk.token)
    t.match(await settled(server, desk), [{ status: 'ready' }, { status: 'ready' }])
    await server.end('SIGTERM')
  }
)
