import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'

const day = 24 * 3600 * 1000
const year = 365 * day
const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0'

/** Ids like Carrel's own, of things made one after the other over the past year. */
function idsOverAYear(amount: number) {
  const began = Date.now() - year
  return (at: number) => {
    const time = Math.floor(began + (at / amount) * year)
    const hex = time.toString(16).padStart(12, '0')
    const tail = randomBytes(10).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7${tail.slice(0, 3)}-8${tail.slice(3, 6)}-${tail.slice(6, 18)}`
  }
}

const someone = (of: string[]) => of[Math.floor(Math.random() * of.length)] as string
const later = (ms: number) => new Date(Date.now() + ms).toISOString()

/** Writes accounts, their rooms, further workspaces with two members each, tasks and live sessions, straight into the file. */
export function crowd(folder: string, size: { accounts: number; workspaces: number; sessions: number }) {
  const sqlite = new SQLite(join(folder, 'carrel.db'))
  for (const pragma of ['journal_mode = memory', 'synchronous = off', 'foreign_keys = off', 'cache_size = -1000000']) {
    sqlite.pragma(pragma)
  }
  const insert = (into: string, values: number) =>
    sqlite.prepare(`insert into ${into} values (${Array(values).fill('?').join(', ')})`)
  const account = insert('accounts', 10)
  const workspace = insert('workspaces (id, name, description, room_of, created_at, updated_at)', 6)
  const membership = insert('memberships (id, workspace_id, account_id, role, created_at)', 5)
  const task = insert('tasks (id, account_id, kind, done_at, dismissed_at, created_at)', 6)
  const session = insert(
    'sessions (id, account_id, token_hash, address, user_agent, created_at, last_seen_at, expires_at, idle_until)',
    9
  )
  const now = later(0)
  const accounts: string[] = []
  const [accountId, workspaceId, sessionId] = [size.accounts, size.workspaces, size.sessions].map(idsOverAYear) as [
    (at: number) => string,
    (at: number) => string,
    (at: number) => string
  ]

  sqlite.exec('begin')
  for (let at = 0; at < size.accounts; at += 1) {
    const id = accountId(at)
    accounts.push(id)
    account.run(id, `c${at}@example.com`, `c${at}`, 'Casey', 'Crowd', '-', 'user', null, now, now)
    for (const kind of ['welcome', 'invite-someone', 'make-workspace']) {
      task.run(accountId(at), id, kind, Math.random() < 0.5 ? now : null, null, now)
    }
  }
  for (let at = 0; at < size.workspaces; at += 1) {
    const id = workspaceId(at)
    const room = accounts[at]
    const owner = room ?? someone(accounts)
    workspace.run(id, `Workspace ${at}`, 'Somebody else’s papers, of no concern here.', room ?? null, now, now)
    membership.run(workspaceId(at), id, owner, 'owner', now)
    const guest = someone(accounts)
    if (!room && guest !== owner) membership.run(workspaceId(at), id, guest, 'editor', now)
  }
  for (let at = 0; at < size.sessions; at += 1) {
    const hash = randomBytes(32).toString('base64url')
    const ends = later(Math.random() * 7 * day)
    session.run(sessionId(at), someone(accounts), hash, '192.0.2.7', agent, now, now, ends, at % 2 ? null : ends)
  }
  sqlite.exec('commit')
  sqlite.pragma('journal_mode = wal')
  sqlite.close()
}
