import { setImmediate as turn } from 'node:timers/promises'
import { expressionBuilder } from 'kysely'
import { inTransaction } from '../database/open.ts'
import type { Db, Tables } from '../database/tables.ts'
import { newId } from '../ids.ts'
import type { App } from '../plugins/app-type.ts'
import type { Passage } from '../search/passages.ts'
import { nextRevision } from '../workspaces/revision.ts'
import { type Block, Unreadable } from './extraction/extraction.ts'
import { change, type Held } from './hold.ts'
import { asTitle } from './incoming.ts'

const passagesAtOnce = 100
const mostTries = 3

type Read = { format: string; pages?: number; title?: string; blocks: Block[] }

/** What it is called tells kinds of text apart: what was pasted may well be Markdown. */
const nameOf = ({ origin, title, source_url }: Held) => source_url ?? (origin === 'text' ? `${title}.md` : title)

/** Reads the original and cuts it into passages; nothing of it can be searched before all of it is there. */
export async function readOriginal(app: App, held: Held) {
  await change(held, { state: 'extracting', reason: null }, app.db)
  const read: Read = await app.extraction.extract(app.originals.path(held.file), nameOf(held), held.workspace_id)
  const passages = await app.cutting.cut(read.blocks)
  if (passages.length === 0) throw new Unreadable('noText')
  await forget(held, app.db)
  for (let first = 0; first < passages.length; first += passagesAtOnce) {
    await keep(held, passages.slice(first, first + passagesAtOnce), first, app.db)
    // SQLite answers at once, so that without this nobody else would have a turn before the last of them.
    await turn()
  }
  const about = { format: read.format, pages: read.pages ?? null, ...ownTitle(held, read) }
  await publish(held, { ...about, state: 'indexing' }, app.db)
}

/** A page is called by its address until it tells its own title; what somebody has called it stays. */
function ownTitle({ origin, source_url }: Held, { title }: Read) {
  if (origin !== 'page' || !source_url || !title) return {}
  const eb = expressionBuilder<Tables, 'documents'>()
  return { title: eb.case().when('title', '=', asTitle(source_url)).then(title).else(eb.ref('title')).end() }
}

/** A few at a time, so that nobody's page waits behind a long book. */
function keep(held: Held, passages: Passage[], first: number, db: Db) {
  const { id: document_id, workspace_id } = held
  const rows = passages.map(({ headings, page, ...passage }, index) => ({
    ...passage,
    id: newId(),
    workspace_id,
    document_id,
    n: first + index + 1,
    headings: JSON.stringify(headings),
    page: page ?? null
  }))
  return inTransaction(db, async (tx) => {
    await change(held, { state: 'extracting' }, tx)
    await tx.insertInto('passages').values(rows).execute()
  })
}

/** What an earlier try had come to. */
async function forget({ id, workspace_id }: Held, db: Db) {
  await db.deleteFrom('passages').where('workspace_id', '=', workspace_id).where('document_id', '=', id).execute()
}

/** From here on searches find it as it is now. */
export function publish(held: Held, set: Parameters<typeof change>[1], db: Db) {
  return inTransaction(db, async (tx) => {
    const revision = await nextRevision(tx, held.workspace_id)
    await change(held, { ...set, revision }, tx)
  })
}

/** Whether a document was begun so often, and never ended, that beginning it is likely what stops Carrel. */
export const isHopeless = ({ tries }: Held) => tries > mostTries

export function giveUpHopeless(held: Held, db: Db) {
  const reason = 'Carrel was stopped each time it had begun to read this.'
  return change(held, { held_by: null, held_until: null, state: 'failed', reason }, db)
}

/** Says why a document could not be read; or puts it back, if it was no fault of its own and was not tried too often. */
export async function giveUp(held: Held, error: unknown, db: Db) {
  const free = { held_by: null, held_until: null }
  if (error instanceof Unreadable) return change(held, { ...free, state: 'failed', reason: error.message }, db)
  if (held.tries < mostTries) return change(held, { held_by: null }, db)
  const reason = 'Something went wrong while this was read. It is written in the log.'
  return change(held, { ...free, state: 'failed', reason }, db)
}
