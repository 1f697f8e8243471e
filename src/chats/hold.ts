import type { Db } from '../database/tables.ts'

const holdMs = 120_000

export const interrupted = 'Carrel was stopped while it wrote this.'
export const stopped = 'You stopped this.'

/** Whoever writes an answer has it until then, and longer whenever it is kept. */
export const heldUntil = (now: Date) => new Date(now.getTime() + holdMs).toISOString()

/** Answers that nobody writes any more, because the process that did is gone; of one that may live, once its time is over. */
export async function interruptLost(db: Db, now: Date, { alone }: { alone: boolean }) {
  await db
    .updateTable('messages')
    .set({ state: 'interrupted', reason: interrupted, held_until: null })
    .where('state', '=', 'writing')
    .$if(!alone, (query) => query.where('held_until', '<=', now.toISOString()))
    .execute()
}

/** An answer that another process writes: it finds out when it next keeps what it has. */
export async function stopElsewhere(id: string, db: Db) {
  await db
    .updateTable('messages')
    .set({ state: 'interrupted', reason: stopped, held_until: null })
    .where('id', '=', id)
    .where('state', '=', 'writing')
    .execute()
}
