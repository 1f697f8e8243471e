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

/**
 * Narrows chats to those in which each of these words stands: in the title, in a question, or in an answer. What only has
 * to exist PostgreSQL may seek among everybody's; the first such message of a chat, and part of a message, it cannot.
 */
export const speaksOf = (q: string, db: Db) => (eb: ExpressionBuilder<Tables, 'chats'>) => {
  const holds = (column: string, word: string) =>
    sql<boolean>`${folded(db, sql.ref(column))} like ${folded(db, sql.val(pattern(word)))} escape ${'!'}`
  const message = eb.selectFrom('messages').whereRef('chat_id', '=', 'chats.id').select('messages.id').limit(1)

  const holdsInMessage = (word: string) => (of: ExpressionBuilder<Tables, 'messages'>) => {
    const part = of.selectFrom('answer_parts').whereRef('message_id', '=', 'messages.id').select('k').limit(1)
    return of.or([holds('content', word), of(part.where(holds('text', word)), 'is not', null)])
  }

  return eb.and(
    wordsOf(q).map((word) =>
      eb.or([holds('chats.title', word), eb(message.where(holdsInMessage(word)), 'is not', null)])
    )
  )
}
