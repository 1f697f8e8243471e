import { type ExpressionBuilder, sql } from 'kysely'
import { folded } from '../database/columns.ts'
import type { Db, Tables } from '../database/tables.ts'

const mostWords = 8
const longestWord = 60

/** Nothing in a word is a wildcard, and none is cut in the middle of a character. */
function pattern(word: string): string {
  const beginning = [...word].slice(0, longestWord).join('')
  return `%${beginning.replace(/[!%_]/g, '!$&')}%`
}

/** No text that is kept holds a NUL, and not every database can be asked for one. */
const wordsOf = (q: string) =>
  q
    .split(/[\s\0]+/)
    .filter(Boolean)
    .slice(0, mostWords)

/** Narrows chats to those in which each of these words stands: in the title, in a question, or in an answer. */
export const speaksOf = (q: string, db: Db) => (eb: ExpressionBuilder<Tables, 'chats'>) => {
  const holds = (column: string, word: string) =>
    sql<boolean>`${folded(db, sql.ref(column))} like ${folded(db, sql.val(pattern(word)))} escape ${'!'}`
  const here = eb.selectFrom('messages').whereRef('messages.chat_id', '=', 'chats.id').select('messages.id')
  return eb.and(
    wordsOf(q).map((word) =>
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
