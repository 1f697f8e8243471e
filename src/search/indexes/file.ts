import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { tokenizer } from './words.ts'

/** Another layout or other words make another number; a file of another number is thrown away and built again. */
const format = 1

export type Meta = {
  revision: number
  /** How often readers had to forget what they know; otherwise they need only read on. */
  changes: number
  /** How many vectors have ever been added. */
  added: number
  embedder: string | null
  dimensions: number
  passages: number
  documents: number
  vectors: number
  /** Whether words of removed passages are still in the file. */
  unswept: number
}

const counted = ['passages', 'documents', 'vectors']
const triggers = counted.flatMap((table) =>
  [
    ['insert', '+'],
    ['delete', '-']
  ].map(
    ([event, sign]) =>
      `create trigger ${table}_${event} after ${event} on ${table} begin update meta set ${table} = ${table} ${sign} 1; end`
  )
)

const layout = [
  `create table meta (
    revision integer not null default 0, changes integer not null default 0, added integer not null default 0,
    embedder text, dimensions integer not null default 0, passages integer not null default 0,
    documents integer not null default 0, vectors integer not null default 0, unswept integer not null default 0)`,
  'insert into meta default values',
  'create table documents (id integer primary key, name text not null unique)',
  `create table passages (
    id integer primary key autoincrement, name text not null unique, document integer not null,
    length integer not null, lot integer not null, content blob not null)`,
  'create index passages_document on passages (document)',
  'create table removed (turn integer primary key autoincrement, passage integer not null)',
  `create trigger passages_removed after delete on passages
    begin insert into removed (passage) values (old.id); end`,
  'create table vectors (id integer primary key, turn integer not null unique, vector blob not null)',
  `create virtual table words using fts5 (
    text, content = '', contentless_delete = 1, tokenize = "${tokenizer}")`,
  ...triggers,
  `pragma user_version = ${format}`
]

export class Damaged extends Error {}

/** No change to a sound index can break a rule of it. */
const isDamage = (error: unknown) =>
  error instanceof Damaged ||
  /^SQLITE_(CORRUPT|NOTADB|ERROR|FORMAT|CONSTRAINT|MISMATCH)/.test(String((error as { code?: unknown })?.code))

/** Runs this, and says in one way that the file is not what it should be. */
export function noticingDamage<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw isDamage(error) ? new Damaged('The search index was damaged.') : error
  }
}

const endings = ['', '-wal', '-shm', '-journal']
export const fileOf = (folder: string, index: string) => join(folder, `${index}.db`)
const named = /^([A-Za-z0-9][A-Za-z0-9_-]{0,99})\.db(-wal|-shm|-journal)?$/
/** The index that a file belongs to, if it is one of an index. */
export const indexOf = (file: string) => named.exec(file)?.[1]

export const indexExists = (folder: string, index: string) => existsSync(fileOf(folder, index))

/** Whether there is anything of an index, if only what SQLite puts beside its file. */
export const indexIsLeft = (folder: string, index: string) =>
  endings.some((ending) => existsSync(fileOf(folder, index) + ending))

export function removeIndex(folder: string, index: string) {
  for (const ending of endings) rmSync(fileOf(folder, index) + ending, { force: true })
}

function open(file: string, cacheKb: number) {
  const sqlite = new SQLite(file, { timeout: 5000 })
  try {
    sqlite.pragma('busy_timeout = 5000')
    sqlite.pragma('page_size = 8192')
    sqlite.pragma('journal_mode = wal')
    sqlite.pragma('synchronous = normal')
    sqlite.pragma('secure_delete = on')
    sqlite.pragma('trusted_schema = off')
    sqlite.pragma('temp_store = memory')
    sqlite.pragma('journal_size_limit = 16777216')
    sqlite.pragma(`cache_size = -${cacheKb}`)
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}

export const isCurrent = (sqlite: SQLite.Database) => sqlite.pragma('user_version', { simple: true }) === format

function layOut(sqlite: SQLite.Database) {
  const isNew = () =>
    sqlite.pragma('user_version', { simple: true }) === 0 &&
    sqlite.prepare('select 1 from sqlite_schema').get() === undefined
  if (isCurrent(sqlite)) return
  sqlite
    .transaction(() => {
      if (isNew()) for (const statement of layout) sqlite.exec(statement)
    })
    .immediate()
  if (!isCurrent(sqlite)) throw new Damaged('The search index has another layout.')
}

/** Asks for the one row that every index has. */
export function metaOf(sqlite: SQLite.Database): () => Meta {
  const read = sqlite.prepare<[], Meta>('select * from meta')
  return () => {
    const meta = read.get()
    if (!meta) throw new Damaged('The search index has lost its head.')
    return meta
  }
}

/** The file of an index, made if there is none. */
export function openIndexFile(folder: string, index: string, cacheKb: number): SQLite.Database {
  return noticingDamage(() => {
    const sqlite = open(fileOf(folder, index), cacheKb)
    try {
      layOut(sqlite)
      return sqlite
    } catch (error) {
      sqlite.close()
      throw error
    }
  })
}
