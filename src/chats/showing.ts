import { render } from './markdown.ts'
import type { Answer, Exchange } from './messages.ts'

const documentPage = (workspace: string, document: string, passage: number) =>
  `/workspaces/${workspace}/documents/${document}?from=${passage}#passage-${passage}`

function shownAnswer(answer: Answer, workspace: string) {
  const sources = answer.citations.map((citation) => ({
    ...citation,
    href: documentPage(workspace, citation.document_id, citation.passage_n)
  }))
  const html = render(answer.text, { citations: (n) => sources.find((source) => source.n === n)?.href })
  return { ...answer, sources, html, why: answer.why ? (JSON.parse(answer.why) as object) : undefined }
}

/** Exchanges as the page shows them: the answer as HTML that is safe, its sources with where they lead. */
export function shownExchanges(exchanges: Exchange[], workspace: string) {
  return exchanges.map(({ question, answer }) => ({ question, answer: answer && shownAnswer(answer, workspace) }))
}
