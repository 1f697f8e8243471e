import { type ExpressionBuilder, sql } from 'kysely'
import { folded } from '../database/columns.ts'
import type { Db, Tables } from '../database/tables.ts'

const mostWords = 8
const longestWord = 60

/** Nothing in a word is a wildcard. */
const pattern = (word: string) => `%${word.slice(0, longestWord).replace(/[!%_]/g, '!$&')}%`

/** Narrows chats to those in which each of these words stands: in the title, in a question, or in an answer. */
export const speaksOf = (q: string, db: Db) => (eb: ExpressionBuilder<Tables, 'chats'>) => {
  const words = q.split(/\s+/).filter(Boolean).slice(0, mostWords)
  const holds = (column: string, word: string) =>
    sql<boolean>`${folded(db, sql.ref(column))} like ${folded(db, sql.val(pattern(word)))} escape ${'!'}`
  const here = eb.selectFrom('messages').whereRef('messages.chat_id', '=', 'chats.id').select('messages.id')
  return eb.and(
    words.map((word) =>
      eb.or([
        holds('chats.title', word),
        eb.exists(here.where(holds('messages.content', word))),
        eb.exists(
          here
            .innerJoin('answer_parts', 'answer_parts.message_id', 'messages.id')
            .where(holds('answer_parts.text', word))
        )
      ])
    )
  )
}
