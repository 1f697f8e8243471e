import type { Db, Row } from '../database/tables.ts'

export type Citation = Pick<
  Row<'citations'>,
  'n' | 'document_id' | 'passage_id' | 'passage_n' | 'section' | 'page' | 'quote'
> & {
  title: string
}

type Message = Pick<Row<'messages'>, 'id' | 'state' | 'reason' | 'answerer' | 'why' | 'created_at'>

/** An answer as it stands: its text as Markdown, and what it cites. */
export type Answer = Message & { text: string; citations: Citation[] }

/** The answers to these questions, each by the question's id. */
export async function answersTo(questions: string[], db: Db): Promise<Map<string, Answer>> {
  if (questions.length === 0) return new Map()
  const rows = await db
    .selectFrom('messages')
    .select(['id', 'question_id', 'state', 'reason', 'answerer', 'why', 'created_at'])
    .where('question_id', 'in', questions)
    .execute()
  const answers = new Map<string, Answer>()
  const toQuestion = new Map<string, Answer>()
  for (const { question_id, ...row } of rows) {
    const answer = { ...row, text: '', citations: [] }
    answers.set(row.id, answer)
    toQuestion.set(question_id as string, answer)
  }
  await fill(answers, db)
  return toQuestion
}

async function fill(answers: Map<string, Answer>, db: Db) {
  const ids = [...answers.keys()]
  if (ids.length === 0) return
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
    .where('message_id', 'in', ids)
    .orderBy('message_id')
    .orderBy('n')
    .execute()
  for (const { message_id, text } of parts) (answers.get(message_id) as Answer).text += text
  for (const { message_id, ...citation } of citations) answers.get(message_id)?.citations.push(citation)
}
