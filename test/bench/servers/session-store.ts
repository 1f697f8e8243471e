import type SQLite from 'better-sqlite3'
import { Store } from 'express-session'

type Done = (error: unknown, session?: object | null) => void
type Kept = { cookie: { expires?: string | Date | null } }

const ends = (session: object) => Number(new Date((session as Kept).cookie.expires ?? Date.now() + 86_400_000))

/** What the session stores for SQLite on npm do: a row of JSON per session, read and touched at every request. */
export class SqliteStore extends Store {
  readonly #get: SQLite.Statement
  readonly #set: SQLite.Statement
  readonly #touch: SQLite.Statement
  readonly #destroy: SQLite.Statement

  constructor(sqlite: SQLite.Database) {
    super()
    sqlite.exec('create table if not exists sess (sid text primary key, data text not null, ends integer not null)')
    this.#get = sqlite.prepare('select data from sess where sid = ? and ends > ?')
    this.#set = sqlite.prepare('insert or replace into sess (sid, data, ends) values (?, ?, ?)')
    this.#touch = sqlite.prepare('update sess set ends = ? where sid = ?')
    this.#destroy = sqlite.prepare('delete from sess where sid = ?')
  }

  override get(id: string, done: Done) {
    const row = this.#get.get(id, Date.now()) as { data: string } | undefined
    done(null, row ? JSON.parse(row.data) : null)
  }

  override set(id: string, session: object, done: Done) {
    this.#set.run(id, JSON.stringify(session), ends(session))
    done(null)
  }

  override touch(id: string, session: object, done: Done) {
    this.#touch.run(ends(session), id)
    done(null)
  }

  override destroy(id: string, done: Done) {
    this.#destroy.run(id)
    done(null)
  }
}
