import { searchQuery } from '../answerers/follow-up.ts'
import { quoting } from '../answerers/quoting.ts'
import type { Db } from '../database/tables.ts'
import { bareQuestion } from '../memory/said.ts'
import { memoriesUsed } from '../memory/used.ts'
import type { Workspace } from '../workspaces/store.ts'
import type { Answer, Citation } from './answers.ts'
import { render } from './markdown.ts'
import { type Exchange, turnsOf } from './messages.ts'
import { explained, type Why } from './why.ts'

type Shelf = { user: { id: string }; workspace: Workspace }
type Linked = Citation & { href: string }

const linked = (citations: Citation[], { id }: Workspace): Linked[] =>
  citations.map((citation) => {
    const { document_id, passage_n } = citation
    const href = `/workspaces/${id}/documents/${document_id}?from=${passage_n}#passage-${passage_n}`
    return { ...citation, href }
  })

/** Markdown with citations as HTML that a page may show. */
export function asHtml({ text, citations }: Pick<Answer, 'text' | 'citations'>, workspace: Workspace): string {
  const places = new Map(linked(citations, workspace).map(({ n, href }) => [n, href]))
  return render(text, { citations: (n) => places.get(n) })
}

/** What was searched for, without what it borrowed of memories, which may be forgotten. */
function queryOf({ question, answer }: Exchange, before: Exchange[]): string {
  const { content } = question
  return searchQuery(answer.answerer === quoting.name ? bareQuestion(content) : content, turnsOf(before))
}

function shown(answer: Answer, workspace: Workspace, why: Why | undefined) {
  return { ...answer, sources: linked(answer.citations, workspace), html: asHtml(answer, workspace), why }
}

/** Exchanges as the page shows them: the answer as HTML, its sources with where they lead, and how it came about. */
export async function shownExchanges(exchanges: Exchange[], { user, workspace }: Shelf, db: Db) {
  const answers = exchanges.map(({ answer }) => answer)
  const whys = await explained(answers, workspace, db)
  const ids = answers.map(({ id }) => id)
  const remembered = await memoriesUsed(ids, user, db)
  return exchanges.map((exchange, place) => {
    const { question, answer } = exchange
    const query = queryOf(exchange, exchanges.slice(0, place))
    const whole = shown(answer, workspace, whys.get(answer.id))
    return { question, answer: whole, query, remembered: remembered[answer.id] }
  })
}

export type Shown = Awaited<ReturnType<typeof shownExchanges>>[number]
