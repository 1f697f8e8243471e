import type { Turn } from '../answerers/answerer.ts'
import { type Page, pageOf } from '../database/page.ts'
import type { Db, Row } from '../database/tables.ts'
import { NotFound } from '../errors.ts'
import { isId } from '../shapes.ts'
import { tagsOfQuestions } from '../tags/narrowing.ts'
import type { Named } from '../tags/tagging.ts'
import { type Answer, answersTo } from './answers.ts'
import type { Chat } from './store.ts'

const exchangesRead = 3

type Wanted = { limit: number; cursor?: string | undefined; from?: string | undefined }
type Message = Pick<Row<'messages'>, 'id' | 'content' | 'created_at'>
export type Question = Message & { tags: Named[] }
export type Exchange = { question: Question; answer: Answer }

/** The last of these exchanges as the turns of a conversation, which a question may lean on. */
export const turnsOf = (exchanges: Exchange[]): Turn[] =>
  exchanges
    .slice(-exchangesRead)
    .flatMap(({ question, answer }): Turn[] => [
      { role: 'reader', text: question.content },
      ...(answer.text ? [{ role: 'desk' as const, text: answer.text }] : [])
    ])

/** What was asked and answered in a chat; every query below starts from `asked`. */
export function exchangesIn(chat: Chat, db: Db) {
  const asked = db
    .selectFrom('messages')
    .where('chat_id', '=', chat.id)
    .where('role', '=', 'question')
    .select(['id', 'content', 'created_at'])

  async function withAnswers(questions: Message[]): Promise<Exchange[]> {
    const ids = questions.map(({ id }) => id)
    const answers = await answersTo(ids, db)
    const tags = await tagsOfQuestions(ids, db)
    return questions.flatMap((question) => {
      const answer = answers.get(question.id)
      return answer ? [{ question: { ...question, tags: tags.get(question.id) ?? [] }, answer }] : []
    })
  }

  /** Newest first, from behind the cursor on, or from one of them on. */
  async function list({ limit, cursor, from }: Wanted): Promise<Page<Exchange>> {
    const rows = await asked
      .$if(cursor !== undefined, (query) => query.where('id', '<', cursor as string))
      .$if(from !== undefined, (query) => query.where('id', '<=', from as string))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    const { items, next_cursor } = pageOf(rows, limit, 'id')
    return { items: await withAnswers(items), next_cursor }
  }

  /** Oldest first, behind a question. */
  async function after(question: string | undefined, limit: number): Promise<Exchange[]> {
    const rows = await asked
      .$if(question !== undefined, (query) => query.where('id', '>', question as string))
      .orderBy('id')
      .limit(limit)
      .execute()
    return withAnswers(rows)
  }

  /** One of them, by the id of its answer. */
  async function open(answer: string): Promise<Exchange> {
    const of = db.selectFrom('messages').select('question_id').where('id', '=', answer).where('chat_id', '=', chat.id)
    const rows = isId(answer) ? await asked.where('id', '=', of).execute() : []
    const [exchange] = await withAnswers(rows)
    if (!exchange) throw new NotFound()
    return exchange
  }

  /** The last turns of the chat, or those before one of its questions. */
  async function turns(before?: string): Promise<Turn[]> {
    const { items } = await list({ limit: exchangesRead, cursor: before })
    return turnsOf(items.reverse())
  }

  return { list, after, open, turns }
}
