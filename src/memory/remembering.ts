import type { Outcome, Piece, Source } from '../answerers/answerer.ts'
import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import { holdStill } from '../workspaces/revision.ts'
import type { Workspace } from '../workspaces/store.ts'
import { gistOf } from './gist.ts'
import { type Keepsake, keep } from './keeping.ts'
import { nextRevision, openNotebook } from './notebook.ts'
import { bareQuestion } from './said.ts'

type Reader = { id: string }
/** What was asked, and how it was answered. */
export type Answered = {
  user: Reader
  workspace: Workspace
  chat: { id: string }
  question: string
  answer: string
  /** The notebook that was open then: what was forgotten since with all the rest does not come back. */
  notebook: string
  outcome: Outcome
  pieces: Piece[]
  sources: Source[]
}

/** The message that was answered. */
const questionOf = async ({ answer }: Answered, tx: Db) =>
  (await tx.selectFrom('messages').where('id', '=', answer).select('question_id').executeTakeFirst())?.question_id

type Said = Pick<Keepsake, 'kind' | 'text'>

/** Keeps these, which came of a question; nothing where memory was switched off or the chat was deleted meanwhile. */
async function keepAll(answered: Answered, keepsakes: Keepsake[], db: Db, now: Date) {
  const { user, workspace } = answered
  if (keepsakes.length === 0) return
  await inTransaction(db, async (tx) => {
    await holdStill(tx, workspace.id)
    const revision = await nextRevision(tx, user.id)
    const asked = await questionOf(answered, tx)
    if (!asked || (await openNotebook(user, tx)) !== answered.notebook) return
    for (const one of keepsakes) await keep(tx, user, { ...one, message: asked }, revision, now)
  })
}

export const keepSaid = (answered: Answered, said: Said[], db: Db, now: Date) => keepAll(answered, said, db, now)

/** What was asked and how it was answered, if it was. */
export function keepExchange(answered: Answered, db: Db, now: Date) {
  const { workspace, question, answer, outcome, pieces, sources } = answered
  if (outcome.status !== 'answered') return
  const gists = gistOf(question, pieces, sources, outcome.cited)
  const exchange = { workspace: workspace.id, answer, gists }
  return keepAll(answered, [{ kind: 'exchange', text: bareQuestion(question), exchange }], db, now)
}
