import { searchQuery } from '../answerers/follow-up.ts'
import type { Db } from '../database/tables.ts'
import type { Workspace } from '../workspaces/store.ts'
import type { Answer, Citation } from './answers.ts'
import { render } from './markdown.ts'
import { type Exchange, turnsOf } from './messages.ts'
import { explained, type Why } from './why.ts'

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

function shown(answer: Answer, workspace: Workspace, why: Why | undefined, query: string) {
  const sources = linked(answer.citations, workspace)
  return { ...answer, sources, html: asHtml(answer, workspace), why: why && { ...why, query } }
}

/** Exchanges as the page shows them: the answer as HTML, its sources with where they lead, and how it came about. */
export async function shownExchanges(exchanges: Exchange[], workspace: Workspace, db: Db) {
  const whys = await explained(
    exchanges.map(({ answer }) => answer),
    workspace,
    db
  )
  return exchanges.map(({ question, answer }, place) => {
    const query = searchQuery(question.content, turnsOf(exchanges.slice(0, place)))
    return { question, answer: shown(answer, workspace, whys.get(answer.id), query) }
  })
}

export type Shown = Awaited<ReturnType<typeof shownExchanges>>[number]
