import type { Db } from '../database/tables.ts'
import type { Entry } from '../search/indexes.ts'
import type { Change, Passages, Searched } from '../search/searched.ts'
import { asVector } from '../search/vectors.ts'
import { gistsOf, wholeText } from './gists.ts'

/** The memories of a person, as their index follows them. */
export function memoriesOfPerson(account: string): Searched {
  const place = (db: Db) =>
    db.selectFrom('notebooks').select(['index_name', 'revision']).where('account_id', '=', account).executeTakeFirst()

  async function changesSince(revision: number, db: Db): Promise<Change[]> {
    const removed = await db
      .selectFrom('removed_memories')
      .where('account_id', '=', account)
      .where('revision', '>', revision)
      .select(['revision', 'memory_id as item'])
      .execute()
    const changed = await db
      .selectFrom('memories')
      .where('account_id', '=', account)
      .where('revision', '>', revision)
      .select(['revision', 'id as item'])
      .execute()
    return [...removed.map((one) => ({ ...one, removed: true })), ...changed.map((one) => ({ ...one, removed: false }))]
  }

  async function entriesOf(ids: string[], embedder: string | undefined, db: Db): Promise<Entry[]> {
    const rows = await db
      .selectFrom('memories')
      .leftJoin('memory_vectors as known', (join) =>
        join.onRef('known.memory_id', '=', 'memories.id').on('known.embedder', '=', embedder ?? '')
      )
      .where('account_id', '=', account)
      .where('memories.id', 'in', ids)
      .select(['memories.id', 'text', 'vector'])
      .execute()
    const gists = await gistsOf(ids, { id: account }, db)
    return rows.map(({ id, text, vector }) => ({
      ...{ passage: id, document: id, title: '', section: '', lead: '' },
      text: wholeText({ text, gist: gists.get(id) ?? null }),
      ...(vector && { vector: asVector(vector) })
    }))
  }

  async function expectedAt(revision: number, db: Db) {
    const memories = await db
      .selectFrom('memories')
      .select(['id', 'revision'])
      .where('account_id', '=', account)
      .execute()
    const removed = await db
      .selectFrom('removed_memories')
      .select('memory_id as id')
      .where('account_id', '=', account)
      .where('revision', '>', revision)
      .execute()
    const settled = memories.filter((one) => one.revision <= revision)
    const wanted: Passages = new Map(settled.map(({ id }) => [id, new Set([id])]))
    return { wanted, known: new Set([...memories, ...removed].map(({ id }) => id)) }
  }

  return { place, atOnce: 100, changesSince, entriesOf, expectedAt }
}
