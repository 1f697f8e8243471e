import type { Outcome } from '../answerers/answerer.ts'
import type { Db } from '../database/tables.ts'
import type { Workspace } from '../workspaces/store.ts'
import type { Answer } from './answers.ts'
import type { Cited } from './progress.ts'

type Candidate = {
  n: number
  passage: string
  score: number
  lexical?: number | undefined
  dense?: number | undefined
  read: boolean
  cited: boolean
}
type Kept = { candidates: Candidate[]; promptTokens?: number | undefined; searchMs: number; answerMs: number }
type Place = { document_id: string; title: string; section: string; page: number | null; passage_n: number }
export type Why = Omit<Kept, 'candidates'> & { candidates: (Omit<Candidate, 'passage'> & Place)[] }

/** How an answer came about. Passages are named by their ids alone: what they say goes when their document does. */
export function whyOf(sources: Cited[], outcome: Outcome, took: { search: number; answer: number }): Kept {
  const candidates = sources.map(({ n, passage, score, lexical, dense }) => ({
    ...{ n, passage, score },
    ...{ lexical: lexical?.rank, dense: dense?.rank },
    read: outcome.read.includes(n),
    cited: outcome.cited.includes(n)
  }))
  const { promptTokens } = outcome
  return { candidates, promptTokens, searchMs: Math.round(took.search), answerMs: Math.round(took.answer) }
}

/** The same with what the passages are called now, for each of these answers. */
export async function explained(answers: Answer[], workspace: Workspace, db: Db): Promise<Map<string, Why>> {
  const kept = answers.flatMap(({ id, why }) => (why ? [[id, JSON.parse(why) as Kept] as const] : []))
  const ids = [...new Set(kept.flatMap(([, { candidates }]) => candidates.map(({ passage }) => passage)))]
  if (ids.length === 0) return new Map(kept.map(([id, why]) => [id, { ...why, candidates: [] }]))
  const rows = await db
    .selectFrom('passages')
    .innerJoin('documents', 'documents.id', 'passages.document_id')
    .where('passages.workspace_id', '=', workspace.id)
    .where('passages.id', 'in', ids)
    .select(['passages.id', 'passages.n as passage_n', 'section', 'page', 'document_id', 'title'])
    .execute()
  const places = new Map(rows.map(({ id, ...place }) => [id, place]))
  return new Map(
    kept.map(([id, why]) => {
      const candidates = why.candidates.flatMap(({ passage, ...candidate }) => {
        const place = places.get(passage)
        return place ? [{ ...candidate, ...place }] : []
      })
      return [id, { ...why, candidates }]
    })
  )
}
