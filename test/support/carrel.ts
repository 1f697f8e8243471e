import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Embedder } from '../../src/search/embedder.ts'
import { Browser } from './browser.ts'
import { freshDatabase } from './postgres.ts'

export const password = 'four unrelated words'

/** Quick hashes and generous limits; a test that is about a limit sets it. */
const forTests = { HASH_MEMORY_MB: '1', LOG_LEVEL: 'silent', SIGNUP_LIMIT: '10000', API_LIMIT: '100000' }

export function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'carrel-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A clock that stands until it is moved. */
function clockAt(start: Date) {
  let now = start.getTime()
  return {
    now: () => new Date(now),
    pass: (seconds: number) => {
      now += seconds * 1000
    }
  }
}

export async function settingsFor(t: Test, settings: Record<string, string> = {}) {
  const DATABASE_URL = await freshDatabase(t)
  return { ...forTests, DATA_DIR: temporaryFolder(t), ...(DATABASE_URL && { DATABASE_URL }), ...settings }
}

/** A Carrel of its own for one test, on the database this run is about, with Ann, Bob and Cleo at the ready. */
export async function startApp(t: Test, settings: Record<string, string> = {}, around: { embedder?: Embedder } = {}) {
  const clock = clockAt(new Date())
  const app = await buildApp(readConfig(await settingsFor(t, settings)), { now: clock.now, ...around })
  t.teardown(() => app.close())

  const visitor = () => new Browser(app)
  async function person(firstName: string) {
    const browser = visitor()
    const email = `${firstName.toLowerCase()}@example.com`
    const answer = await browser.submit('/register', { firstName, lastName: 'Arbor', email, password })
    if (answer.statusCode !== 303) throw new Error(`${firstName} could not sign up: ${answer.body}`)
    return browser
  }
  return { app, clock, visitor, person }
}

export type Carrel = Awaited<ReturnType<typeof startApp>>
