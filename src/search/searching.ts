import type { Db } from '../database/tables.ts'
import { documentsOfWorkspace } from '../documents/searched.ts'
import { tagged } from '../documents/store.ts'
import type { App } from '../plugins/app-type.ts'
import type { Workspace } from '../workspaces/store.ts'
import { catchUp } from './catch-up.ts'
import type { Embedder } from './embedder.ts'
import { turnsByName } from './indexes/turns.ts'
import { type Hit, IndexDamaged, type Indexes } from './indexes.ts'
import type { Searched } from './searched.ts'
import { type Found, passagesHit } from './store.ts'

const mostNarrowed = 5000

/** The vector of a question that has one already; null where it could not be given one. */
type Vector = Float32Array | null | undefined
export type Question = { q: string; limit: number; tags?: string[]; vector?: Vector }
type Asked = { q: string; limit: number; documents?: string[] | undefined; vector?: Vector }

/** Searches in indexes, each of them brought up to date before it is asked. */
export function openSearching(app: App, indexes: Indexes, embedder: Embedder | undefined) {
  const known = new Map<string, number>()
  const inTurn = turnsByName()

  const nameOf = async (searched: Searched, db: Db) => (await searched.place(db))?.index_name

  /** How far an index has come. */
  const revisionOf = async (name: string) => known.get(name) ?? (await indexes.state(name)).revision

  /** Looks again, for it may have been dropped while others had their turn; its name is not used twice. */
  async function bring(searched: Searched, name: string) {
    const place = await searched.place(app.db)
    if (place?.index_name !== name) return
    const from = await revisionOf(name)
    known.delete(name)
    const follow = (behind: number) => catchUp({ searched, place, from: behind }, indexes, embedder?.id, app.db)
    if (from < place.revision) await follow(from).catch((error) => startAfresh(error, follow))
    known.set(name, Math.max(from, place.revision))
  }

  /** What was damaged is empty now: nobody who changes or deletes something should have to hear of it. */
  function startAfresh(error: unknown, follow: (behind: number) => Promise<void>) {
    if (!(error instanceof IndexDamaged)) throw error
    return follow(0)
  }

  /** One after the other for each index, so that nothing is put into it twice at the same time. */
  async function bringUpToDate(searched: Searched): Promise<string | undefined> {
    const name = await nameOf(searched, app.db)
    if (name) await inTurn(name, () => bring(searched, name))
    return name
  }

  /** Where to look: what is told has to be read from the database. */
  async function search(searched: Searched, { q, limit, documents, vector: given }: Asked): Promise<Hit[]> {
    const name = await bringUpToDate(searched)
    if (!name) return []
    const vector = given === undefined ? await vectorOf(q) : given
    const ask = {
      question: q,
      limit,
      ...(vector && embedder && { vector, embedder: embedder.id }),
      ...(documents && { documents })
    }
    const expected = known.get(name) ?? 0
    const found = await indexes.search(name, ask)
    if (found.revision >= expected) return found.hits
    // It was damaged and is empty now, so it is made again from the database.
    known.delete(name)
    await bringUpToDate(searched)
    return (await indexes.search(name, ask)).hits
  }

  async function find(workspace: Workspace, { tags = [], ...asked }: Question, user: { id: string }): Promise<Found[]> {
    // To a model even nothing means something.
    if (asked.q.trim() === '') return []
    const documents = tags.length > 0 ? await taggedIn(workspace, tags, user) : undefined
    const hits = await search(documentsOfWorkspace(workspace.id), { ...asked, documents })
    return passagesHit(workspace, hits, app.db)
  }

  /** Without a vector the words are searched alone, which is better than no answer. */
  async function vectorOf(q: string): Promise<Float32Array | null> {
    try {
      return (await embedder?.embed([q], 'question'))?.[0] ?? null
    } catch (error) {
      app.log.warn({ err: error }, 'a question has no vector; its words alone are searched')
      return null
    }
  }

  /** The documents with any of these tags. */
  async function taggedIn(workspace: Workspace, tags: string[], user: { id: string }): Promise<string[]> {
    const rows = await app.db
      .selectFrom('documents')
      .where('workspace_id', '=', workspace.id)
      .where((eb) => eb.or(tags.map((tag) => tagged(tag, user)(eb))))
      .select('id')
      .limit(mostNarrowed)
      .execute()
    return rows.map(({ id }) => id)
  }

  /** Whether everything in an index has its vector. */
  async function hasVectors(name: string): Promise<boolean> {
    const { passages, vectors, embedder: of } = await indexes.state(name)
    return embedder === undefined || passages === 0 || (vectors === passages && of === embedder.id)
  }

  const dropIndex = (name: string) =>
    inTurn(name, async () => {
      known.delete(name)
      await indexes.drop(name)
    })

  return { embedder, bringUpToDate, revisionOf, search, find, vectorOf, hasVectors, dropIndex }
}

export type Searching = ReturnType<typeof openSearching>
