import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { on, once } from 'node:events'
import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  watch,
  writeFileSync,
  writeSync
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as turn } from 'node:timers/promises'
import SQLite from 'better-sqlite3'
import fc from 'fast-check'
import t from 'tap'
import { IndexDamaged, openIndexes } from '../../src/search/indexes.ts'
import { Thread } from '../../src/search/thread.ts'
import { temporaryFolder } from '../support/carrel.ts'
import { passage, startIndexes, towards } from '../support/index.ts'

const empty = { revision: 0, passages: 0, documents: 0, vectors: 0 }
const add = Array.from({ length: 200 }, (_, at) =>
  passage(`d${at}`, `deposit number${at} of ${at % 7} months`, { vector: towards(1, at, at % 5) })
)
const change = { revision: 4, embedder: 'e', add }
const ask = { question: 'deposit number7', vector: towards(1, 7, 2), limit: 5 }

/** An index that was written and left, to be damaged. */
async function leftIn(folder: string): Promise<string> {
  const indexes = openIndexes(folder)
  await indexes.apply('flat', change)
  await indexes.close()
  // Whoever opens it last puts everything into the one file.
  const again = openIndexes(folder)
  await again.state('flat')
  await again.close()
  return join(folder, 'flat.db')
}

t.test('a file that is no index is thrown away, and the index can be built again', async (t) => {
  const damages: Record<string, (file: string) => void> = {
    'something else': (file) => writeFileSync(file, 'this is a letter to Ann '.repeat(1000)),
    'cut in two': (file) => truncateSync(file, Math.floor(statSync(file).size / 2 / 8192) * 8192),
    'cut anywhere': (file) => truncateSync(file, 5000),
    'empty head': (file) => {
      const opened = openSync(file, 'r+')
      writeSync(opened, new Uint8Array(100), 0, 100, 0)
      closeSync(opened)
    }
  }
  for (const [name, damage] of Object.entries(damages)) {
    const folder = temporaryFolder(t)
    const file = await leftIn(folder)
    damage(file)
    for (const ending of ['-wal', '-shm']) writeFileSync(file + ending, '')
    const { indexes } = startIndexes(t, {}, folder)
    t.match(await indexes.search('flat', ask), { revision: 0, hits: [] }, name)
    t.same(await indexes.state('flat'), empty, name)
    await indexes.apply('flat', change)
    t.match(await indexes.search('flat', ask), { revision: 4, hits: [{ document: 'd7' }] }, name)
  }
})

t.test('a change to a damaged index is refused, so that nobody takes a part for the whole', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(await leftIn(folder), 'no index at all'.repeat(1000))
  const { indexes } = startIndexes(t, {}, folder)
  await t.rejects(indexes.apply('flat', { revision: 5, add: [passage('new', 'one')] }), /was damaged/)
  t.same(await indexes.state('flat'), empty)
})

t.test('an index of an older layout is built again', async (t) => {
  const folder = temporaryFolder(t)
  const file = await leftIn(folder)
  const sqlite = new SQLite(file)
  sqlite.pragma('user_version = 1000')
  sqlite.close()
  const { indexes } = startIndexes(t, {}, folder)
  t.same(await indexes.state('flat'), empty)
})

t.test('wherever a file is damaged, a search answers something or nothing, and never fails', async (t) => {
  const folder = temporaryFolder(t)
  const sound = readFileSync(await leftIn(folder))
  const { indexes } = startIndexes(t, {}, folder)
  let round = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(sound.length - 1), fc.uint8Array({ minLength: 1, maxLength: 64 }), async (at, bytes) => {
      const index = `damaged${round++}`
      const damaged = Buffer.from(sound)
      damaged.set(bytes.subarray(0, sound.length - at), at)
      writeFileSync(join(folder, `${index}.db`), damaged)
      const { revision, hits } = await indexes.search(index, ask)
      await indexes.state(index)
      await indexes.apply(index, { revision: 9, remove: ['d3'], add: [passage('x', 'y')] }).catch((error) => {
        if (!(error instanceof IndexDamaged)) throw error
      })
      await indexes.drop(index)
      return revision > 0 || hits.length === 0
    }),
    { numRuns: 60, examples: [[6551, Uint8Array.of(48, 48, 48, 48, 97)]] }
  )
})

t.test('a file that somebody removes is an empty index', async (t) => {
  const { indexes, folder } = startIndexes(t)
  await indexes.apply('flat', change)
  t.equal((await indexes.search('flat', ask)).hits.length, 5)
  for (const ending of ['', '-wal', '-shm']) rmSync(join(folder, `flat.db${ending}`), { force: true })
  t.same(await indexes.state('flat'), empty)
  t.same((await indexes.search('flat', ask)).hits, [])
  await indexes.apply('flat', { revision: 1, add: [passage('new', 'deposit')] })
  t.match(await indexes.state('flat'), { revision: 1, passages: 1 })
})

/** Waits until the file, which is there, has grown. */
async function grows(file: string, child: ChildProcess) {
  const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const watcher = watch(join(file, '..'))
  try {
    for await (const _ of on(watcher, 'change')) {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > before + 1_000_000) return
      if (child.exitCode !== null) throw new Error('it was done before it could be killed')
    }
  } finally {
    watcher.close()
  }
}

t.test('a process killed while it writes leaves the index as it was before', async (t) => {
  const { indexes, folder } = startIndexes(t)
  await indexes.apply('flat', { revision: 1, add: [passage('before', 'the deposit as it was')] })
  const child = spawn(process.execPath, [join(import.meta.dirname, '../support/write-index.ts'), folder, 'flat'])
  const ended = once(child, 'exit')
  await grows(join(folder, 'flat.db-wal'), child)
  child.kill('SIGKILL')
  await ended

  t.same(await indexes.state('flat'), { revision: 1, passages: 1, documents: 1, vectors: 0 })
  t.match(await indexes.search('flat', { question: 'deposit torn7', limit: 5 }), { hits: [{ document: 'before' }] })
  await indexes.apply('flat', { revision: 2, remove: ['before'], add: [passage('after', 'the deposit as it is')] })
  t.match(await indexes.search('flat', { question: 'deposit torn7', limit: 5 }), {
    revision: 2,
    hits: [{ document: 'after' }]
  })
})

t.test('a thread that rests has ended, and begins again when it is asked', async (t) => {
  const thread = new Thread(new URL('../support/echo-thread.ts', import.meta.url), 'I say', { rest: 1 })
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all([thread.ask({ say: 'one' }), thread.ask({ say: 'two' })])
    t.same(answers, ['I say one', 'I say two'])
    await turn(round % 4)
  }
  await thread.end()
})

t.test('whoever waits for a thread that dies is told, and the next to ask finds another', async (t) => {
  const thread = new Thread(new URL('../support/echo-thread.ts', import.meta.url), 'I say')
  t.teardown(() => thread.end())
  t.equal(await thread.ask({ say: 'hello' }), 'I say hello')
  await t.rejects(thread.ask({ say: 'fail' }), /it failed/)

  for (const how of ['die', 'throw']) {
    const waiting = thread.ask({ say: 'nothing' })
    const fatal = thread.ask({ say: how })
    await t.rejects(waiting, /interrupted/)
    await t.rejects(fatal, how === 'throw' ? /it threw/ : /ended/)
    t.equal(await thread.ask({ say: 'again' }), 'I say again')
  }

  const left = thread.ask({ say: 'nothing' })
  await thread.end()
  await t.rejects(left, /interrupted/)
})

t.test('nothing of what is removed stays in the file, though SQLite has moved what stood beside it', async (t) => {
  const { indexes, folder } = startIndexes(t)
  const unlike = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)
  const left: string[] = []
  // Chance decides what is moved, the same each time: in these rounds it is what goes later.
  for (const round of [4, 11, 14]) {
    let state = round * 7919 + 1
    const chance = (most: number) => {
      state = (state * 1103515245 + 12345) % 2147483648
      return state % most
    }
    const words = () => Array.from({ length: 40 + chance(80) }, () => `w${chance(3000)}`).join(' ')
    const index = `i${round}`
    const there: string[] = []
    for (let revision = 1; revision <= 60; revision += 1) {
      if (there.length < 8 || revision % 3 !== 0) {
        const document = unlike(`${round} ${revision}`)
        there.push(document)
        const passages = Array.from({ length: 4 + chance(12) }, (_, at) =>
          passage(document, `Here qz${document} stands. ${words()}`, { at, title: `qz${document}` })
        )
        await indexes.apply(index, { revision, add: passages })
        const add = passages.map((one) => ({ ...one, vector: towards(1, revision) }))
        await indexes.apply(index, { revision, embedder: 'e', remove: [document], add })
      } else {
        const [document] = there.splice(chance(there.length), 1) as [string]
        await indexes.apply(index, { revision, remove: [document] })
        if (readFileSync(join(folder, `${index}.db`)).includes(document.slice(2))) left.push(`${round}`)
      }
    }
  }
  t.same(left, [])
})
