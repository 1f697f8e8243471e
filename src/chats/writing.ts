import type { Outcome, Piece, Source } from '../answerers/answerer.ts'
import { inTransaction } from '../database/open.ts'
import type { Db, MessageState } from '../database/tables.ts'

export type Cited = Source & { passage_n: number }
type Place = { answer: string; workspace: string }

const longestQuote = 400

/** What was quoted of a source, or how it begins. */
function quoteOf({ n, text }: Cited, pieces: Piece[]): string {
  const quoted = pieces.find((piece) => piece.kind === 'quote' && piece.n === n)
  if (quoted?.kind === 'quote') return quoted.quote
  return text.length > longestQuote ? `${text.slice(0, longestQuote)} …` : text
}

/** Neighbouring texts become one; a quote stands by itself, so that it goes with the document it is from. */
function partsOf(pieces: Piece[], sources: Cited[], { answer, workspace }: Place) {
  const parts: { kind: Piece['kind']; text: string; document: string | null }[] = []
  for (const piece of pieces) {
    const last = parts.at(-1)
    if (piece.kind === 'text' && last?.kind === 'text') last.text += piece.text
    else {
      const source = piece.kind === 'quote' ? sources.find(({ n }) => n === piece.n) : undefined
      parts.push({ kind: piece.kind, text: piece.text, document: source?.document ?? null })
    }
  }
  return parts.map(({ document, ...part }, k) => ({
    ...part,
    k,
    message_id: answer,
    workspace_id: document && workspace,
    document_id: document
  }))
}

export type Written = { state: MessageState; reason?: string; answerer: string; why: object }

/** Puts an answer into the database, all of it or nothing; a document that was deleted meanwhile is left out of it. */
export function write(place: Place, pieces: Piece[], sources: Cited[], cited: Outcome['cited'], as: Written, db: Db) {
  const { answer, workspace } = place
  return inTransaction(db, async (tx) => {
    const known = await tx
      .selectFrom('documents')
      .select('id')
      .where('workspace_id', '=', workspace)
      .where('id', 'in', [...new Set(sources.map(({ document }) => document)), ''])
      .execute()
    const there = new Set(known.map(({ id }) => id))
    const parts = partsOf(pieces, sources, place).filter(({ document_id }) => !document_id || there.has(document_id))
    const citations = sources
      .filter(({ n, document }) => cited.includes(n) && there.has(document))
      .map((source) => ({
        message_id: answer,
        n: source.n,
        workspace_id: workspace,
        document_id: source.document,
        passage_id: source.passage,
        passage_n: source.passage_n,
        section: source.section,
        page: source.page ?? null,
        quote: quoteOf(source, pieces)
      }))
    await tx.deleteFrom('answer_parts').where('message_id', '=', answer).execute()
    if (parts.length > 0) await tx.insertInto('answer_parts').values(parts).execute()
    if (citations.length > 0) await tx.insertInto('citations').values(citations).execute()
    await tx
      .updateTable('messages')
      .set({
        state: as.state,
        reason: as.reason ?? null,
        answerer: as.answerer,
        why: JSON.stringify(as.why),
        held_until: null
      })
      .where('id', '=', answer)
      .execute()
  })
}
