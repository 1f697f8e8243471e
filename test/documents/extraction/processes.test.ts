import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Unreadable } from '../../../src/documents/extraction/extraction.ts'
import { shown, startReading } from './support/reading.ts'
import { samples } from './support/samples.ts'

// What this program does is the name of the file: it can only be started from here.
const unruly = join(import.meta.dirname, 'support/unruly.ts')
const megabyte = 1024 * 1024
const content = Buffer.alloc(300_000, 'a')

/** The processes that this one has started and that have not ended. */
const children = () => readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
const onLinux = process.platform === 'linux' ? {} : { skip: 'only Linux tells from outside' }

t.test('a file that goes wrong fails alone, and the next one is read', async (t) => {
  const { reads, refuses } = startReading(t, { milliseconds: 20_000, memory: 300 * megabyte }, unruly)
  const fails = 'This file could not be read.'
  const tooMuch = 'This file needs more memory than is allowed.'
  const cases: [string, string][] = [
    ['crash', fails],
    ['devour the heap', tooMuch],
    ['mumble', fails],
    ['boast', fails],
    ['break the form', fails],
    ['write between the lines', fails],
    ['give a reason of its own', fails],
    ['talk without end', 'This file has more paragraphs or rows than are taken.']
  ]
  if (process.platform === 'linux') cases.push(['devour', tooMuch])
  for (const [deed, reason] of cases) {
    t.equal(await refuses(content, deed), reason, deed)
    t.same(shown(await reads(content, 'remember')), ['read before: 0'], `a new process reads after it: ${deed}`)
  }
})

t.test('a file that is never done is given up after its time, and the next one is read', async (t) => {
  const { reads, refuses } = startReading(t, { milliseconds: 1_000 }, unruly)
  t.equal(await refuses(content, 'hang'), 'This file took too long to read.')
  t.equal(await refuses(content, 'hang without listening'), 'This file took too long to read.')
  t.match(await reads(content, 'behave'), { format: 'txt', blocks: [] })
})

t.test('a process that a file has taken over finds nothing and can do nothing', async (t) => {
  process.env.SECRET_KEY = 'canary of the environment'
  t.teardown(() => {
    delete process.env.SECRET_KEY
  })
  const { reads } = startReading(t, {}, unruly)
  const [environment, ...others] = shown(await reads(content, 'attempt'))
  t.equal(environment, 'environment: {}')
  t.ok(others.length > 15)
  for (const attempt of others) t.match(attempt, /^[\w ]+: refused: /)

  const written = [join(import.meta.dirname, 'support/written'), '/tmp/written-by-an-unruly-program']
  for (const file of written) {
    t.notOk(existsSync(file), file)
    rmSync(file, { force: true })
  }
})

t.test('a process is kept for the next file of a desk, and never reads for another', async (t) => {
  const { reads } = startReading(t, { filesPerProcess: 3 }, unruly)
  const before = async (desk: string) => shown(await reads(content, 'remember', desk))[0]
  t.equal(await before('ann'), 'read before: 0')
  t.equal(await before('ann'), 'read before: 1')
  t.equal(await before('bob'), 'read before: 0', 'another desk')
  t.equal(await before('ann'), 'read before: 0', 'nor is it kept for its return')
  t.equal(await before('ann'), 'read before: 1')
  t.equal(await before('ann'), 'read before: 2')
  t.equal(await before('ann'), 'read before: 0', 'and after some files it ends')
})

t.test('as many files as are allowed are read at once, whoever they belong to', onLinux, async (t) => {
  const { reads } = startReading(t, { atOnce: 2 }, unruly)
  let most = 0
  const look = setInterval(() => {
    most = Math.max(most, children().length)
  }, 1)
  const desks = ['ann', 'ann', 'ann', 'bob', 'carol', 'ann']
  const all = await Promise.all(desks.map((desk) => reads(content, 'remember', desk)))
  clearInterval(look)
  t.ok(all.every(({ format }) => format === 'txt'))
  t.equal(most, 2)
})

t.test('a process that has nothing to do ends', onLinux, async (t) => {
  const { reads } = startReading(t, { idleMilliseconds: 1 }, unruly)
  await reads(content, 'remember')
  while (children().length > 0) await new Promise(setImmediate)
  t.same(shown(await reads(content, 'remember')), ['read before: 0'])
})

t.test('closing ends what is being read, and blames no file for it', onLinux, async (t) => {
  const { extraction, saved } = startReading(t, {}, unruly)
  const reading = extraction.extract(saved(content), 'hang')
  const waiting = extraction.extract(saved(content), 'behave')
  const outcomes = Promise.allSettled([reading, waiting])
  while (children().length === 0) await new Promise(setImmediate)
  await extraction.close()
  for (const outcome of await outcomes) {
    t.equal(outcome.status, 'rejected')
    if (outcome.status === 'rejected') t.notOk(outcome.reason instanceof Unreadable, String(outcome.reason))
  }
  t.same(children(), [])
  await t.rejects(extraction.extract(saved(content), 'behave'), { message: 'No more files are read.' })
})

t.test('a file that is not there is not called unreadable, and hurts nobody else', async (t) => {
  const { extraction, folder, saved } = startReading(t)
  await t.rejects(extraction.extract(join(folder, 'none'), 'a.txt'), { code: 'ENOENT' })
  await t.rejects(extraction.extract(folder, 'a.txt'), { code: 'EISDIR' })
  t.match(await extraction.extract(saved(samples.txt), 'a.txt'), { format: 'txt' })
})

t.test('a process that was ended from outside while it rested is not missed', onLinux, async (t) => {
  const { reads } = startReading(t, {}, unruly)
  await reads(content, 'remember')
  process.kill(Number(children()[0]), 'SIGKILL')
  while (children().length > 0) await new Promise(setImmediate)
  t.same(shown(await reads(content, 'remember')), ['read before: 0'])
})
