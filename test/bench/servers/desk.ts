import { join } from 'node:path'
import nunjucks from 'nunjucks'
import { openSqliteFile } from '../../../src/database/sqlite.ts'
import { onboarding, type TaskKind } from '../../../src/tasks/onboarding.ts'

type Row = Record<string, string | null>

const columns = 'accounts.id, email, username, first_name, last_name, accounts.role'
const shown = 20
const shownChats = 5

/**
 * The desk without a framework: the queries Carrel asks, written by hand, and the page from the same template. A bare
 * `?` lets SQLite plan a query again whenever a value is bound, and `+?` does not; `steady` is who knows that.
 */
export function openDesk({ DATA_DIR = '', ASSETS: assets = '', STEADY: steady = '' } = process.env) {
  const sqlite = openSqliteFile(join(DATA_DIR, 'carrel.db'))
  const prepare = (sql: string) => sqlite.prepare(steady ? sql.replaceAll(/[?@]/g, '+$&') : sql)
  const env = nunjucks.configure(join(import.meta.dirname, '../../../views'), {
    autoescape: true,
    trimBlocks: true,
    lstripBlocks: true
  })
  const always = { assets, passwordMinLength: 10, signup: 'open' }

  const byToken = prepare(`
    select ${columns}, sessions.id as session_id, sessions.last_seen_at, sessions.idle_until
    from sessions join accounts on accounts.id = sessions.account_id
    where token_hash = @hash and sessions.expires_at > @now
      and (sessions.idle_until is null or sessions.idle_until > @now) and accounts.disabled_at is null`)
  const byId = prepare(`select ${columns} from accounts where id = ? and disabled_at is null`)
  const used = prepare('update sessions set last_seen_at = ? where id = ?')
  const workspaces = prepare(`
    select workspaces.id, name, description, workspaces.created_at, updated_at, role, room_of
    from memberships join workspaces on workspaces.id = memberships.workspace_id
    where memberships.account_id = ? order by memberships.workspace_id desc limit ${shown + 1}`)
  const tasks = prepare(`
    select id, kind, created_at from tasks
    where account_id = ? and done_at is null and dismissed_at is null order by id limit 10`)
  const chats = prepare(`
    select chats.id, chats.workspace_id, title, chats.created_at, updated_at
    from chats join memberships on memberships.workspace_id = chats.workspace_id and memberships.account_id = @id
    where chats.account_id = @id order by chats.id desc limit ${shownChats}`)

  return {
    /** Whoever this session is of; its last use is noted once a minute, as in Carrel. */
    viewerOf(hash: string): Row | undefined {
      const now = new Date()
      const viewer = byToken.get({ hash, now: now.toISOString() }) as Row | undefined
      if (viewer && now.getTime() - Date.parse(viewer.last_seen_at as string) > 60_000) {
        used.run(now.toISOString(), viewer.session_id)
      }
      return viewer
    },
    viewerById: (id: string) => byId.get(id) as Row | undefined,
    pageFor(viewer: Row): string {
      const rows = workspaces.all(viewer.id) as Row[]
      const items = rows.slice(0, shown).map((row) => ({ ...row, is_room: row.room_of !== null }))
      const next_cursor = rows.length > shown ? rows[shown - 1]?.id : null
      const open = (tasks.all(viewer.id) as Row[]).map((row) => ({ ...row, ...onboarding[row.kind as TaskKind] }))
      return env.render('home/desk.njk', {
        ...always,
        viewer,
        path: '/',
        workspaces: { items, next_cursor },
        tasks: open,
        chats: chats.all({ id: viewer.id })
      })
    }
  }
}
