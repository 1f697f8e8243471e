import SQLite from 'better-sqlite3'
import { Damaged, fileOf, isCurrent, noticingDamage } from './file.ts'

type Row = { document: string; passage: string }

function read(sqlite: SQLite.Database) {
  const number = (statement: string) => sqlite.prepare<[], number>(statement).pluck().get() as number
  const documents = new Map<string, Set<string>>()
  const rows = sqlite.prepare<[], Row>(
    'select d.name as document, p.name as passage from passages p join documents d on d.id = p.document'
  )
  for (const { document, passage } of rows.iterate())
    documents.set(document, (documents.get(document) ?? new Set()).add(passage))
  const ofNothing = (table: string) => number(`select count(*) from ${table} where id not in (select id from passages)`)
  return {
    revision: number('select revision from meta'),
    documents,
    strays: ofNothing('vectors') + ofNothing('words_docsize')
  }
}

export type Contents = ReturnType<typeof read>

function open(file: string): Contents {
  const sqlite = new SQLite(file, { readonly: true, fileMustExist: true, timeout: 5000 })
  try {
    if (!isCurrent(sqlite) || sqlite.pragma('quick_check', { simple: true }) !== 'ok') throw new Damaged()
    return sqlite.transaction(read)(sqlite)
  } finally {
    sqlite.close()
  }
}

/** All that an index holds, at one moment, for whoever wants to compare; undefined where its file is damaged or gone. */
export function contentsOf(folder: string, index: string): Contents | undefined {
  try {
    return noticingDamage(() => open(fileOf(folder, index)))
  } catch (error) {
    if (error instanceof Damaged || (error as { code?: string }).code === 'SQLITE_CANTOPEN') return undefined
    throw error
  }
}
