import type { Turn } from '../answerers/answerer.ts'
import type { Db, Row } from '../database/tables.ts'
import type { Chat } from './store.ts'

const turnsKept = 6
const exchangesShown = 30

export type Citation = Pick<
  Row<'citations'>,
  'n' | 'document_id' | 'passage_id' | 'passage_n' | 'section' | 'page' | 'quote'
> & {
  title: string
}
type Message = Pick<Row<'messages'>, 'id' | 'role' | 'content' | 'state' | 'reason' | 'answerer' | 'why' | 'created_at'>
export type Answer = Message & { text: string; citations: Citation[] }
export type Exchange = { question: Message; answer: Answer | undefined }

const messageColumns = ['id', 'role', 'content', 'state', 'reason', 'answerer', 'why', 'created_at'] as const

/** The answers among these messages, each with its text as Markdown and what it cites. */
async function answersAmong(messages: Message[], db: Db): Promise<Map<string, Answer>> {
  const ids = messages.filter(({ role }) => role === 'answer').map(({ id }) => id)
  if (ids.length === 0) return new Map()
  const parts = await db
    .selectFrom('answer_parts')
    .select(['message_id', 'text'])
    .where('message_id', 'in', ids)
    .orderBy('message_id')
    .orderBy('k')
    .execute()
  const citations = await db
    .selectFrom('citations')
    .innerJoin('documents', 'documents.id', 'citations.document_id')
    .select(['message_id', 'n', 'document_id', 'passage_id', 'passage_n', 'section', 'page', 'quote', 'title'])
    .select('citations.section')
    .where('message_id', 'in', ids)
    .orderBy('message_id')
    .orderBy('n')
    .execute()
  const answers = new Map<string, Answer>()
  for (const message of messages)
    if (message.role === 'answer') answers.set(message.id, { ...message, text: '', citations: [] })
  for (const { message_id, text } of parts) (answers.get(message_id) as Answer).text += text
  for (const { message_id, ...citation } of citations) answers.get(message_id)?.citations.push(citation)
  return answers
}

/** What was asked and answered in a chat, the latest last. */
export async function exchangesOf({ id }: Chat, db: Db): Promise<Exchange[]> {
  const newest = await db
    .selectFrom('messages')
    .select(messageColumns)
    .where('chat_id', '=', id)
    .orderBy('id', 'desc')
    .limit(2 * exchangesShown)
    .execute()
  const messages = newest.reverse()
  const answers = await answersAmong(messages, db)
  return messages.flatMap((question, index) => {
    if (question.role !== 'question') return []
    return [{ question, answer: answers.get(messages[index + 1]?.id ?? '') }]
  })
}

/** The last turns of a chat, which a question may lean on. */
export async function turnsOf(chat: Chat, db: Db): Promise<Turn[]> {
  const exchanges = await exchangesOf(chat, db)
  return exchanges
    .slice(-turnsKept / 2)
    .flatMap(({ question, answer }): Turn[] => [
      { role: 'reader', text: question.content },
      ...(answer?.text ? [{ role: 'desk' as const, text: answer.text }] : [])
    ])
}
