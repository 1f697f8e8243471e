import { wholeText } from '../memory/gists.ts'
import type { Used } from '../memory/used.ts'
import type { Citation } from './answers.ts'
import type { Exchange } from './messages.ts'

export const toldCitation = ({ n, document_id, passage_id, title, section, page, quote }: Citation) => ({
  n,
  document_id,
  passage_id,
  title,
  section,
  page,
  quote
})

/** An exchange as the API tells it. */
export function told({ question, answer }: Exchange, used: Used[] = []) {
  return {
    question: { id: question.id, content: question.content, tags: question.tags.map(({ name }) => name) },
    answer: {
      id: answer.id,
      content: answer.text,
      status: answer.state,
      error: answer.reason,
      citations: answer.citations.map(toldCitation),
      memories: used.map((memory) => ({ id: memory.id, text: wholeText(memory) }))
    }
  }
}

export type Told = ReturnType<typeof told>
