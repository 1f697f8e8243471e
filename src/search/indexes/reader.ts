import type SQLite from 'better-sqlite3'
import { blend, depth } from './blend.ts'
import type { Found, Question, State } from './change.ts'
import { exactVectors } from './exact-vectors.ts'
import { type Meta, metaOf } from './file.ts'
import { lexicalIn } from './lexical.ts'
import { Roll } from './roll.ts'
import { signVectors } from './sign-vectors.ts'
import type { Stems } from './stems.ts'
import { type Among, floatsOf, type Near, type Vectors } from './vectors.ts'

/** What SQLite itself may keep of it in memory. */
export const cacheKb = 2048

type Named = { passage: string; document: string }

/** Answers questions from one index. It keeps lengths and vectors in memory, and reads on when there is more. */
export function readerOf(sqlite: SQLite.Database, stems: Stems, exactUpTo: number) {
  const meta = metaOf(sqlite)
  const passagesAfter = sqlite
    .prepare<[number], [number, number, number]>('select id, length, lot from passages where id > ? order by id')
    .raw()
  const vectorsAfter = sqlite
    .prepare<[number], [number, Buffer]>('select id, vector from vectors where turn > ? order by turn')
    .raw()
  const removedAfter = sqlite.prepare<[number], number>('select passage from removed where turn > ?').pluck()
  const lastRemoved = sqlite.prepare<[], number | null>('select max(turn) from removed').pluck()
  const vectorsOf = sqlite
    .prepare<[string], [number, Buffer]>('select id, vector from vectors where id in (select value from json_each(?))')
    .raw()
  const ofDocument = sqlite
    .prepare<[string], number>('select p.id from passages p join documents d on d.id = p.document where d.name = ?')
    .pluck()
  const named = sqlite.prepare<[number], Named>(
    'select p.name as passage, d.name as document from passages p join documents d on d.id = p.document where p.id = ?'
  )
  const lexical = lexicalIn(sqlite, stems)

  let roll = new Roll()
  let vectors: Vectors | undefined
  let known = { changes: -1, passage: 0, vector: 0, removed: 0 }

  const look = (ids: number[]) =>
    new Map(vectorsOf.all(JSON.stringify(ids)).map(([id, bytes]) => [id, floatsOf(bytes)]))

  const vectorsFor = ({ vectors: count, dimensions }: Meta) =>
    count > exactUpTo ? signVectors(dimensions, count, look) : exactVectors(dimensions, count)

  /** Reads on from where it stopped, or everything when what it knows does not hold any more. */
  function catchUp(now: Meta) {
    if (now.changes !== known.changes) {
      roll = new Roll()
      vectors = undefined
      known = { changes: now.changes, passage: 0, vector: 0, removed: lastRemoved.get() ?? 0 }
    }
    for (const passage of removedAfter.iterate(known.removed)) roll.strike(passage)
    known.removed = lastRemoved.get() ?? known.removed
    for (const [id, length, lot] of passagesAfter.iterate(known.passage)) {
      roll.add(id, length, lot)
      known.passage = id
    }
    catchUpVectors(now)
  }

  /** They are read anew when there are too many to compare all, or when half of those it has are of no use. */
  function catchUpVectors(now: Meta) {
    const outgrown = vectors && now.vectors > exactUpTo && vectors.count <= exactUpTo
    if (outgrown || (vectors && vectors.count > now.vectors * 2 + 1000)) {
      vectors = undefined
      known.vector = 0
    }
    if (now.vectors > 0) vectors ??= vectorsFor(now)
    vectors?.add(vectorsAfter.iterate(known.vector))
    known.vector = now.added
  }

  function allowedBy(documents: string[] | undefined): Among['allowed'] {
    if (!documents) return roll.lengths
    const allowed = new Uint8Array(roll.lengths.length)
    for (const document of documents) for (const id of ofDocument.iterate(document)) allowed[id] = 1
    return allowed
  }

  /** Nothing, if the question has no vector, or one of another embedder, or no passage has. */
  function near({ vector, embedder }: Question, now: Meta, allowed: Among['allowed']): Near[] | undefined {
    if (!vector || !vectors || vector.length !== now.dimensions) return undefined
    if (embedder !== undefined && embedder !== now.embedder) return undefined
    const near = vectors.nearest(vector, { allowed, lots: roll.lots })
    return near.length > 0 ? near : undefined
  }

  function search(asked: Question): Found {
    const now = meta()
    catchUp(now)
    const allowed = allowedBy(asked.documents)
    const blended = blend({
      lexical: lexical(asked.question, roll, allowed, depth),
      near: near(asked, now, allowed),
      question: asked.vector ?? new Float32Array(),
      lots: roll.lots,
      look
    })
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
      return cacheKb * 1024 + roll.bytes * 2 + (vectors?.bytes ?? 0)
    },
    close: () => sqlite.close()
  }
}

export type Reader = ReturnType<typeof readerOf>
