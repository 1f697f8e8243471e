import type { Piece } from '../answerers/answerer.ts'
import { inTransaction } from '../database/open.ts'
import type { Db, MessageState } from '../database/tables.ts'
import { holdStill } from '../workspaces/revision.ts'
import type { Citation } from './answers.ts'
import { heldUntil } from './hold.ts'
import type { Cited } from './progress.ts'

/** A statement takes only so many values, and an answer may be of many quotes. */
const partsAtOnce = 1000

type Place = { answer: string; workspace: string }
type Part = { kind: Piece['kind']; text: string; document: string | null }

/** Neighbouring texts become one; what is of a document stands by itself, so that it goes with it. */
function partsOf(pieces: Piece[], sources: Cited[]): Part[] {
  const parts: Part[] = []
  for (const { kind, text, ...piece } of pieces) {
    const last = parts.at(-1)
    const source = 'n' in piece ? sources.find(({ n }) => n === piece.n) : undefined
    if (kind === 'text' && last?.kind === 'text') last.text += text
    else parts.push({ kind, text, document: source?.document ?? null })
  }
  return parts
}

export type Written = {
  pieces: Piece[]
  sources: Cited[]
  citations: Citation[]
  state: MessageState
  reason?: string
  answerer: string
  why?: object
}

/** Somebody stopped the answer, or deleted its chat, while it was written. */
export class LostAnswer extends Error {}

/** Puts an answer into the database, all of it or nothing; a document that was deleted meanwhile is left out of it. */
export function write({ answer, workspace }: Place, written: Written, db: Db, now: Date) {
  const { pieces, sources, state, reason, answerer, why } = written
  return inTransaction(db, async (tx) => {
    if (sources.length > 0) await holdStill(tx, workspace)
    const held_until = state === 'writing' ? heldUntil(now) : null
    const about = { state, reason: reason ?? null, answerer, why: why ? JSON.stringify(why) : null, held_until }
    const { numUpdatedRows } = await tx
      .updateTable('messages')
      .set(about)
      .where('id', '=', answer)
      .where('state', '=', 'writing')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw new LostAnswer()
    const there = await documentsThere(workspace, sources, tx)
    const parts = partsOf(pieces, sources)
      .map(({ document, ...part }, k) => ({ ...part, k, document_id: document, workspace_id: document && workspace }))
      .filter(({ document_id }) => !document_id || there.has(document_id))
    const citations = written.citations.filter(({ document_id }) => there.has(document_id))
    await emptyAnswer(answer, tx)
    for (let first = 0; first < parts.length; first += partsAtOnce) {
      const some = parts.slice(first, first + partsAtOnce).map((part) => ({ ...part, message_id: answer }))
      await tx.insertInto('answer_parts').values(some).execute()
    }
    if (citations.length > 0) {
      const rows = citations.map(({ title: _, ...row }) => ({ ...row, message_id: answer, workspace_id: workspace }))
      await tx.insertInto('citations').values(rows).execute()
    }
  })
}

/** Takes away what an answer says, to begin it anew. */
export async function emptyAnswer(answer: string, tx: Db) {
  await tx.deleteFrom('answer_parts').where('message_id', '=', answer).execute()
  await tx.deleteFrom('citations').where('message_id', '=', answer).execute()
}

async function documentsThere(workspace: string, sources: Cited[], tx: Db): Promise<Set<string>> {
  const asked = [...new Set(sources.map(({ document }) => document))]
  if (asked.length === 0) return new Set()
  const known = await tx
    .selectFrom('documents')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('id', 'in', asked)
    .execute()
  return new Set(known.map(({ id }) => id))
}
