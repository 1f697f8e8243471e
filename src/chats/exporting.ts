import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
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

const codeOrLive = /(`{3,}|~{3,}|`+)[\s\S]*?\1|<|!\[/g
const fence = /^ {0,3}(?:`{3,}|~{3,})/gm

/** An answer as other programs may show it: no HTML and no pictures from elsewhere, and code that ends where it does. */
function plain(text: string): string {
  const open = (text.match(fence)?.length ?? 0) % 2 === 1
  const whole = open ? `${text}\n${text.match(fence)?.at(-1)?.trim()}` : text
  return whole.replace(codeOrLive, (found) => (found === '<' ? '\\<' : found === '![' ? '!\\[' : found))
}

function written({ question, answer }: Exchange): string {
  const parts = [`## ${asMarkdown(question.content)}`, plain(answer.text), answer.reason ? `*${answer.reason}*` : '']
  const sources = answer.citations.map(source).join('\n')
  return `${[...parts, sources].filter(Boolean).join('\n\n')}\n\n`
}

/** A chat as a Markdown file, its answers with the places they quote, some exchanges at a time. */
async function* asMarkdownFile(chat: Chat, db: Db): AsyncGenerator<string> {
  yield `# ${asMarkdown(chat.title)}\n\n`
  const { after } = exchangesIn(chat, db)
  let exchanges = await after(undefined, atOnce)
  while (exchanges.length > 0) {
    yield exchanges.map(written).join('')
    exchanges = await after(exchanges.at(-1)?.question.id, atOnce)
  }
}

/** Sends it to be kept. */
export function sendAsMarkdown(reply: FastifyReply, chat: Chat, db: Db) {
  return reply
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="chat-${chat.id.slice(0, 8)}.md"`)
    .type('text/markdown; charset=utf-8')
    .send(Readable.from(asMarkdownFile(chat, db)))
}
