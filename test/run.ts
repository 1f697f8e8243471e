// `npm test`: the whole suite on SQLite, then its server-side half again on a real PostgreSQL if this machine has one.
import { execFileSync, spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { startPostgres } from './support/postgres-cluster.ts'

const everythingRequired = process.env.CARREL_TEST_REQUIRE === 'everything'
const named = process.argv.slice(2)

if (named.includes('--help') || named.includes('-h')) {
  console.log(`npm test [-- FILE…]

Runs the files named, else the whole suite, on SQLite, then the server-side half again on PostgreSQL if this machine has
one. CARREL_TEST_VERBOSE=1 prints every line; with CARREL_TEST_REQUIRE=everything whatever is skipped counts as failed.`)
  process.exit(0)
}

/** What uses no database, or brings its own, is run once. */
const once =
  /^test\/((browser|crash|answerers|reference)\/|commands\/(?!doctor)|house|settings|database\/anew|documents\/(extraction|networks|web-page)|search\/(?!search\.)|chats\/markdown)/
const onBoth = (file: string) => !once.test(file)

type Counts = { passed: number; failed: number; skipped: number }

function counted(summary: string, ok: boolean): Counts {
  const count = (name: string) => Number(new RegExp(`${name}: (\\d+)`).exec(summary)?.[1] ?? 0)
  const failed = count('fail')
  return { passed: count('pass'), failed: ok ? failed : Math.max(1, failed), skipped: count('skip') + count('todo') }
}

async function run(files: string[], environment: Record<string, string>): Promise<Counts> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 }
  const tap = spawn('tap', ['--reporter=tap', ...files], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32'
  })
  const ended = new Promise<boolean>((resolve) => tap.once('close', (code) => resolve(code === 0)))
  let summary = ''
  for await (const line of createInterface({ input: tap.stdout })) {
    if (line.startsWith('# {')) summary = line
    if (/^(not ok|ok|# time)|^ *not ok|^ {4}ok|^ *(found|wanted|error|at|diff|message|stack| {2}---)/.test(line))
      console.log(line)
    else if (process.env.CARREL_TEST_VERBOSE) console.log(line)
  }
  return counted(summary, await ended)
}

// Once after an installation tap has to be told which of its plugins are meant.
execFileSync('tap', ['build'], { stdio: 'ignore', shell: process.platform === 'win32' })

const files = named.length > 0 ? named : globSync('test/**/*.test.ts').sort()
const total = await run(files, {})
const notes: string[] = []

const again = files.filter(onBoth)
const postgres = again.length > 0 ? await startPostgres() : undefined
if (postgres) {
  console.log(`# The server-side half again, on ${postgres.version}`)
  const half = await run(again, { CARREL_TEST_POSTGRES: postgres.url })
  await postgres.stop()
  total.passed += half.passed
  total.failed += half.failed
  total.skipped += half.skipped
} else if (again.length > 0) {
  notes.push('The PostgreSQL half was skipped: this machine has no PostgreSQL 15 or newer.')
  if (everythingRequired) total.failed += 1
}
if (everythingRequired) total.failed += total.skipped

for (const note of notes) console.log(note)
const { passed, failed, skipped } = total
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
