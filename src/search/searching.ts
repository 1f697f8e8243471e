import { tagged } from '../documents/store.ts'
import type { App } from '../plugins/app-type.ts'
import type { Workspace } from '../workspaces/store.ts'
import { catchUp } from './catch-up.ts'
import type { Embedder } from './embedder.ts'
import type { Indexes } from './indexes.ts'
import { placesIn } from './places.ts'
import { type Found, passagesHit } from './store.ts'

const mostNarrowed = 5000

export type Question = { q: string; limit: number; tag?: string | undefined }

/** Searches workspaces, each in an index of its own that is brought up to date before it is asked. */
export function openSearching(app: App, indexes: Indexes, embedder: Embedder | undefined) {
  const known = new Map<string, number>()
  const running = new Map<string, Promise<void>>()

  const placeOf = (workspace: string) => placesIn(app.db).where('id', '=', workspace).executeTakeFirst()

  /** How far an index has come. */
  const revisionOf = async (name: string) => known.get(name) ?? (await indexes.state(name)).revision

  async function bring(workspace: string): Promise<string | undefined> {
    const place = await placeOf(workspace)
    if (!place) return undefined
    const { index_name, revision } = place
    const from = await revisionOf(index_name)
    if (from < revision) {
      known.delete(index_name)
      await catchUp(place, from, indexes, embedder?.id, app.db)
      // What was deleted meanwhile had its index dropped, and this may have made it again.
      if (!(await placeOf(workspace))) return void (await dropIndex(index_name))
    }
    known.set(index_name, Math.max(from, revision))
    return index_name
  }

  /** One after the other for each workspace, so that nothing is put into an index twice at the same time. */
  async function bringUpToDate(workspace: string): Promise<string | undefined> {
    const before = running.get(workspace)
    let name: string | undefined
    const now = (before ?? Promise.resolve()).then(async () => {
      name = await bring(workspace)
    })
    const settled = now.catch(() => {})
    running.set(workspace, settled)
    await now.finally(() => {
      if (running.get(workspace) === settled) running.delete(workspace)
    })
    return name
  }

  async function find(workspace: Workspace, { q, limit, tag }: Question, user: { id: string }): Promise<Found[]> {
    const name = await bringUpToDate(workspace.id)
    if (!name) return []
    const documents = tag ? await taggedIn(workspace, tag, user) : undefined
    const vector = await vectorOf(q)
    const ask = {
      question: q,
      limit,
      ...(vector && embedder && { vector, embedder: embedder.id }),
      ...(documents && { documents })
    }
    const expected = known.get(name) ?? 0
    let found = await indexes.search(name, ask)
    if (found.revision < expected) {
      // It was damaged and is empty now, so it is made again from the database.
      known.delete(name)
      await bringUpToDate(workspace.id)
      found = await indexes.search(name, ask)
    }
    return passagesHit(workspace, found.hits, app.db)
  }

  /** Without a vector the words are searched alone, which is better than no answer. */
  async function vectorOf(q: string): Promise<Float32Array | undefined> {
    try {
      return (await embedder?.embed([q], 'question'))?.[0]
    } catch (error) {
      app.log.warn({ err: error }, 'a question has no vector; its words alone are searched')
      return undefined
    }
  }

  async function taggedIn(workspace: Workspace, tag: string, user: { id: string }): Promise<string[]> {
    const rows = await app.db
      .selectFrom('documents')
      .where('workspace_id', '=', workspace.id)
      .where(tagged(tag, user))
      .select('id')
      .limit(mostNarrowed)
      .execute()
    return rows.map(({ id }) => id)
  }

  async function dropIndex(name: string) {
    known.delete(name)
    await indexes.drop(name)
  }

  return { embedder, bringUpToDate, revisionOf, find, dropIndex }
}

export type Searching = ReturnType<typeof openSearching>
