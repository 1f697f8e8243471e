import { createHash } from 'node:crypto'
import type SQLite from 'better-sqlite3'
import type { Change, Entry } from './change.ts'
import { metaOf } from './file.ts'
import { wordsOf } from './words.ts'

type Known = { id: number; name: string; content: Buffer; document: string }

/** What tells whether an entry is the one that is there already. */
function contentOf({ document, title, section, lead, text }: Entry): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([document, title, section, lead, text]))
    .digest()
    .subarray(0, 16)
}

/** Any number will do, if it is another for most passages and the same wherever this passage is. */
const lotOf = ({ passage }: Entry) => createHash('sha256').update(passage).digest().readUInt32BE()

/** A word in the title counts twice. */
const wordsOfEntry = ({ title, section, lead, text }: Entry) =>
  [title, title, section, lead, text].flatMap((part) => wordsOf(part))

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength)

/** Changes one index, all of a change or nothing of it. */
export function writerOf(sqlite: SQLite.Database) {
  const meta = metaOf(sqlite)
  const finish = sqlite.prepare(
    'update meta set revision = max(revision, ?), changes = changes + ?, unswept = max(unswept, ?)'
  )
  const embedWith = sqlite.prepare('update meta set embedder = ?, dimensions = 0, changes = changes + 1')
  const dropVectors = sqlite.prepare('delete from vectors')
  const setDimensions = sqlite.prepare('update meta set dimensions = ?')

  const passagesOf = sqlite.prepare<[string], Known>(
    `select p.id, p.name, p.content, d.name as document from passages p join documents d on d.id = p.document
     where d.name = ?`
  )
  const passageNamed = sqlite.prepare<[string], Known>(
    `select p.id, p.name, p.content, d.name as document from passages p join documents d on d.id = p.document
     where p.name = ?`
  )
  const documentNamed = sqlite.prepare<[string], number>('select id from documents where name = ?').pluck()
  const addDocument = sqlite.prepare<[string], number>('insert into documents (name) values (?) returning id').pluck()
  const emptyDocument = sqlite.prepare(
    'delete from documents where name = ? and not exists (select 1 from passages where document = documents.id)'
  )
  const addPassage = sqlite
    .prepare<[string, number, number, number, Buffer], number>(
      'insert into passages (name, document, length, lot, content) values (?, ?, ?, ?, ?) returning id'
    )
    .pluck()
  const addWords = sqlite.prepare('insert into words (rowid, text) values (?, ?)')
  const removeWords = sqlite.prepare('delete from words where rowid = ?')
  const removePassage = sqlite.prepare('delete from passages where id = ?')
  const removeVector = sqlite.prepare('delete from vectors where id = ?')
  const nextTurn = sqlite.prepare<[], number>('update meta set added = added + 1 returning added').pluck()
  const addVector = sqlite.prepare('insert into vectors (id, turn, vector) values (?, ?, ?)')
  const logged = sqlite.prepare<[], number>('select max(turn) - min(turn) from removed').pluck()
  const forgetLog = sqlite.prepare('delete from removed')

  function forget({ id }: Known) {
    removeWords.run(id)
    removeVector.run(id)
    removePassage.run(id)
  }

  function write(entry: Entry): number {
    const words = wordsOfEntry(entry)
    const document = documentNamed.get(entry.document) ?? (addDocument.get(entry.document) as number)
    const id = addPassage.get(
      entry.passage,
      document,
      Math.max(1, words.length),
      lotOf(entry),
      contentOf(entry)
    ) as number
    addWords.run(id, words.join(' '))
    return id
  }

  /** Makes sure that the vector fits those that are there. True if it took the place of another. */
  function place(id: number, vector: Float32Array, isNew: boolean): boolean {
    const { embedder, dimensions } = meta()
    if (!embedder) throw new Error('Vectors come with the name of the embedder that made them.')
    if (dimensions === 0) setDimensions.run(vector.length)
    else if (dimensions !== vector.length)
      throw new Error(`A vector has ${vector.length} numbers instead of ${dimensions}.`)
    const replaced = !isNew && removeVector.run(id).changes > 0
    addVector.run(id, nextTurn.get(), bytesOf(vector))
    return replaced
  }

  /** What readers follow, until it is longer than reading everything anew. */
  function shortenLog(): boolean {
    if ((logged.get() ?? 0) <= meta().passages + 1000) return false
    forgetLog.run()
    return true
  }

  function changeAll({ revision, embedder, remove = [], add = [] }: Change) {
    if (embedder !== undefined && embedder !== meta().embedder) {
      embedWith.run(embedder)
      dropVectors.run()
    }
    const entries = new Map(add.map((entry) => [entry.passage, entry]))
    const stays = ({ name, content }: Known) => {
      const entry = entries.get(name)
      return entry !== undefined && contentOf(entry).equals(content)
    }
    const going = remove.flatMap((document) => passagesOf.all(document)).filter((known) => !stays(known))
    for (const known of going) forget(known)

    let replaced = false
    for (const entry of entries.values()) {
      let known = passageNamed.get(entry.passage)
      if (known && !stays(known)) {
        forget(known)
        going.push(known)
        known = undefined
      }
      const id = known?.id ?? write(entry)
      if (entry.vector && place(id, entry.vector, !known)) replaced = true
    }
    for (const document of new Set([...remove, ...going.map((known) => known.document)])) emptyDocument.run(document)
    finish.run(revision, replaced || shortenLog() ? 1 : 0, going.length > 0 ? 1 : 0)
  }

  /**
   * What is removed leaves its words behind until all are written anew; and where SQLite has moved what stood beside
   * them, it left copies in the free space of its pages, which only a file that is written anew is without.
   */
  function sweep() {
    if (!meta().unswept) return
    sqlite.exec("insert into words (words) values ('optimize')")
    // What this takes may be as much as the index itself, so not in memory.
    sqlite.exec('pragma temp_store = file; vacuum; pragma temp_store = memory')
    const [{ busy }] = sqlite.pragma('wal_checkpoint(truncate)') as [{ busy: number }]
    if (!busy) sqlite.exec('update meta set unswept = 0')
  }

  const apply = sqlite.transaction(changeAll)
  return { apply: (change: Change) => apply.immediate(change), sweep }
}
