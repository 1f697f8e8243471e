import { passwordHashing } from '../../../src/accounts/hashing.ts'
import { createAccount } from '../../../src/accounts/store.ts'
import { readConfig } from '../../../src/config.ts'
import { migrate } from '../../../src/database/migrate.ts'
import { inTransaction, openDatabase } from '../../../src/database/open.ts'
import { startSession } from '../../../src/sessions/store.ts'
import { everywhere } from '../../../src/viewer.ts'
import { workspacesOf } from '../../../src/workspaces/store.ts'

export const password = 'four unrelated words'
const names = ['Kitchen rebuild', 'Italian, second year', 'Allotment 14b', 'Choir: St Matthew Passion', 'Ida’s school']
const blurbs = [
  'Quotes, drawings, the architect’s letters and every invoice since the old wall came down.',
  'Grammar sheets, the reader, the lists of irregular verbs, and what Signora Bassi said about the subjunctive.',
  'Seed lists, the lease, minutes of the committee & everything on how to keep the slugs away.',
  'Scores, rehearsal notes, the seating plan and the bus timetable to Lübeck; Anna has the key to the hall.'
]

/** An empty data folder with Carrel's schema, one reader with twenty workspaces, open tasks and a session. */
export async function makeDesk(folder: string, { others = 0, hashMemoryMb = 1 } = {}) {
  const config = readConfig({ DATA_DIR: folder })
  const db = await openDatabase(config)
  await migrate(db, config)
  const now = new Date()
  const passwordHash = await passwordHashing(hashMemoryMb).hash(password)

  function settle(email: string, firstName: string) {
    const person = { email, firstName, lastName: 'Featherstone', passwordHash }
    return inTransaction(db, (tx) => createAccount(tx, person, now))
  }

  const reader = await settle('ottilie@example.com', 'Ottilie')
  const desk = workspacesOf({ ...reader, ...everywhere }, db)
  for (let at = 0; at < 19; at += 1) {
    const name = `${names[at % names.length]} ${2026 - Math.floor(at / names.length)}`
    await desk.create({ name, description: blurbs[at % blurbs.length] }, now)
  }
  const { token } = await startSession(
    db,
    reader.id,
    true,
    { address: '127.0.0.1', userAgent: 'bench', kind: 'browser' },
    now
  )
  const emails = Array.from({ length: others }, (_, at) => `other-${at}@example.com`)
  for (const email of emails) await settle(email, 'Other')
  await db.destroy()
  return { account: reader.id, token, emails }
}
