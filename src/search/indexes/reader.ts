import type SQLite from 'better-sqlite3'
import { blend, depth } from './blend.ts'
import type { Found, Question, State } from './change.ts'
import { type Meta, metaOf } from './file.ts'
import { type Lengths, lexicalIn } from './lexical.ts'
import type { Stems } from './stems.ts'
import { exactVectors, floatsOf, type Near, signVectors, type Vectors } from './vectors.ts'

type Named = { passage: string; document: string }

const roomFor = (known: Uint16Array, last: number) => {
  if (last < known.length) return known
  const more = new Uint16Array(Math.ceil(last * 1.25) + 64)
  more.set(known)
  return more
}

/** Answers questions from one index. It keeps lengths and vectors in memory, and reads on when there is more. */
export function readerOf(sqlite: SQLite.Database, stems: Stems, exactUpTo: number) {
  const meta = metaOf(sqlite)
  const lengthsAfter = sqlite
    .prepare<[number], [number, number]>('select id, length from passages where id > ? order by id')
    .raw()
  const vectorsAfter = sqlite
    .prepare<[number], [number, Buffer]>('select id, vector from vectors where id > ? order by id')
    .raw()
  const vectorOf = sqlite.prepare<[number], Buffer>('select vector from vectors where id = ?').pluck()
  const ofDocument = sqlite
    .prepare<[string], number>('select p.id from passages p join documents d on d.id = p.document where d.name = ?')
    .pluck()
  const named = sqlite.prepare<[number], Named>(
    'select p.name as passage, d.name as document from passages p join documents d on d.id = p.document where p.id = ?'
  )
  const lexical = lexicalIn(sqlite, stems)

  let lengths: Lengths = { of: new Uint16Array(64), passages: 0, total: 0 }
  let vectors: Vectors | undefined
  let changes = -1
  let last = 0

  function look(id: number): Float32Array | undefined {
    const bytes = vectorOf.get(id)
    return bytes && floatsOf(bytes)
  }

  const vectorsFor = ({ vectors: count, dimensions }: Meta) =>
    count > exactUpTo ? signVectors(dimensions, look) : exactVectors(dimensions)

  /** What was only added is read on from where this stopped; else everything is read again. */
  function catchUp(now: Meta) {
    const outgrown = now.vectors > exactUpTo && (vectors?.count ?? 0) <= exactUpTo
    if (now.changes !== changes) {
      lengths = { of: new Uint16Array(64), passages: 0, total: 0 }
      last = 0
    }
    if (now.changes !== changes || outgrown || !vectors) {
      vectors = now.vectors > 0 ? vectorsFor(now) : undefined
      vectors?.add(vectorsAfter.iterate(0))
    } else if (vectors.count < now.vectors) {
      vectors.add(vectorsAfter.iterate(last))
    }
    for (const [id, length] of lengthsAfter.iterate(last)) {
      lengths.of = roomFor(lengths.of, id)
      lengths.of[id] = Math.min(length, 65_535)
      lengths.passages += 1
      lengths.total += length
      last = id
    }
    changes = now.changes
  }

  function allowedBy(documents: string[] | undefined): Uint8Array | undefined {
    if (!documents) return undefined
    const allowed = new Uint8Array(lengths.of.length)
    for (const document of documents) for (const id of ofDocument.iterate(document)) allowed[id] = 1
    return allowed
  }

  /** Nothing, if the question has no vector, or one of another embedder. */
  function near({ vector, embedder }: Question, now: Meta, allowed: Uint8Array | undefined): Near[] | undefined {
    if (!vector || !vectors || vector.length !== now.dimensions) return undefined
    if (embedder !== undefined && embedder !== now.embedder) return undefined
    return vectors.nearest(vector, allowed)
  }

  function search(asked: Question): Found {
    const now = meta()
    catchUp(now)
    const allowed = allowedBy(asked.documents)
    const byWords = lexical(asked.question, lengths, allowed, depth)
    const blended = blend(byWords, near(asked, now, allowed), asked.vector ?? new Float32Array(), look)
    const hits = blended.slice(0, asked.limit).map(({ id, ...scores }) => ({ ...(named.get(id) as Named), ...scores }))
    return { revision: now.revision, hits }
  }

  function state(): State {
    const { revision, embedder, passages, documents, vectors } = meta()
    return { revision, ...(embedder && { embedder }), passages, documents, vectors }
  }

  return {
    /** One moment of the index, whatever is written meanwhile. */
    search: sqlite.transaction(search),
    state,
    get bytes() {
      return lengths.of.byteLength + (vectors?.bytes ?? 0)
    },
    close: () => sqlite.close()
  }
}

export type Reader = ReturnType<typeof readerOf>
