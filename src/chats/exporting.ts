import type { Db } from '../database/tables.ts'
import type { Citation } from './answers.ts'
import { asMarkdown } from './as-markdown.ts'
import { type Exchange, exchangesIn } from './messages.ts'
import type { Chat } from './store.ts'

const atOnce = 50

function source({ n, title, section, page, quote }: Citation): string {
  const place = [title, page ? `page ${page}` : section].filter(Boolean).map(asMarkdown).join(', ')
  return `- \\[${n}\\] ${place}: “${asMarkdown(quote)}”`
}

function written({ question, answer }: Exchange): string {
  const parts = [`## ${asMarkdown(question.content)}`, answer.text, answer.reason ? `*${answer.reason}*` : '']
  const sources = answer.citations.map(source).join('\n')
  return `${[...parts, sources].filter(Boolean).join('\n\n')}\n\n`
}

/** A chat as a Markdown file, its answers with the places they quote, some exchanges at a time. */
export async function* asMarkdownFile(chat: Chat, db: Db): AsyncGenerator<string> {
  yield `# ${asMarkdown(chat.title)}\n\n`
  const { after } = exchangesIn(chat, db)
  let exchanges = await after(undefined, atOnce)
  while (exchanges.length > 0) {
    yield exchanges.map(written).join('')
    exchanges = await after(exchanges.at(-1)?.question.id, atOnce)
  }
}
