import { sql } from 'kysely'
import type { Db } from '../database/tables.ts'

// They are written out, because an index of some rows serves only a query that can be seen to ask for no others.
export const unread = sql<boolean>`state in ('pending', 'extracting')`
export const unfinished = sql<boolean>`state = 'indexing'`

/**
 * The turn of a document that somebody adds: behind what they have waiting already, but not behind what others have.
 * So whoever adds one waits for one of each of the others, however many these have added before.
 */
export async function nextTurn(person: string, tx: Db): Promise<number> {
  const waiting = tx.selectFrom('documents').where(unread)
  const { last } = await waiting
    .where('added_by', '=', person)
    .select((eb) => eb.fn.max<number | null>('turn').as('last'))
    .executeTakeFirstOrThrow()
  const { first } = await waiting.select((eb) => eb.fn.min<number | null>('turn').as('first')).executeTakeFirstOrThrow()
  return Math.max((last ?? -1) + 1, first ?? 0)
}
