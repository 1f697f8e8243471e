import { join } from 'node:path'
import { couldBeKey, newKey } from '../../../src/api-keys/key.ts'
import { findByKey } from '../../../src/api-keys/store.ts'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/database/open.ts'
import { openSqliteFile } from '../../../src/database/sqlite.ts'
import { hashToken, newId } from '../../../src/ids.ts'
import { makeDesk } from '../support/desk.ts'
import { inFolder } from '../support/folder.ts'
import { judged, spread } from '../support/numbers.ts'
import { measured, table } from '../support/table.ts'

const amount = 1_000_000
const shown = 200_000
const rounds = 200
const atOnce = 1000

/** A table of a million keys of one person, of which some are told. */
function makeKeys(folder: string, account: string): string[] {
  const sqlite = openSqliteFile(join(folder, 'carrel.db'))
  const insert = sqlite.prepare(`
    insert into api_keys (id, account_id, name, key_hash, last_four, scopes, created_at, last_used_at)
    values (?, ?, 'A script', ?, ?, 'read write', ?, ?)`)
  const now = new Date().toISOString()
  const told: string[] = []
  sqlite.transaction(() => {
    for (let made = 0; made < amount; made += 1) {
      const key = newKey()
      insert.run(newId(), account, hashToken(key), key.slice(-4), now, now)
      if (made % (amount / shown) === 0) told.push(key)
    }
  })()
  sqlite.close()
  return told
}

/** µs of processor for each of so many checks, of a different key each time. */
async function costOf(check: (key: string) => Promise<unknown>, given: string[]): Promise<number> {
  const before = process.cpuUsage()
  for (const key of given) await check(key)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / given.length
}

/** What it costs to tell whose key it is among a million others. */
export function keys() {
  return inFolder(async (folder) => {
    const { account } = await makeDesk(folder)
    const told = makeKeys(folder, account)
    const db = await openDatabase(readConfig({ DATA_DIR: folder }))
    const now = new Date()
    async function check(key: string) {
      const found = couldBeKey(key) && (await findByKey(db, key, now))
      if (!found || found.id !== account) throw new Error('a key was not known')
    }
    async function refuse(key: string) {
      if (couldBeKey(key) && (await findByKey(db, key, now))) throw new Error('a key was known')
    }
    const [known, unknown]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round += 1) {
      known.push(await costOf(check, told.slice(round * atOnce, (round + 1) * atOnce)))
      unknown.push(await costOf(refuse, Array.from({ length: atOnce }, newKey)))
    }
    await db.destroy()
    table(
      'api: a key among a million',
      measured,
      [
        ['a key that is known: µs of processor', ...judged(known, 1, { is: 'at most', value: 30 })],
        ['a key that is not: µs of processor', ...spread(unknown, 1)]
      ],
      [
        `${rounds} rounds of ${atOnce} checks, of another key each time: its form and checksum, its hash, and whose it is.`
      ]
    )
  })
}
