import { AnswerFailed } from '../answerers/answer-failed.ts'
import type { Answerer, Outcome, Piece, Turn } from '../answerers/answerer.ts'
import { searchQuery } from '../answerers/follow-up.ts'
import { nothing } from '../memory/recalling.ts'
import { bareQuestion } from '../memory/said.ts'
import type { App } from '../plugins/app-type.ts'
import type { Question } from '../search/searching.ts'
import type { Reader } from '../viewer.ts'
import type { Workspace } from '../workspaces/store.ts'
import { interrupted, stopped } from './hold.ts'
import { type Cited, citationsOf, numbersIn, type Progress, progressOf, textOf } from './progress.ts'
import { pulse } from './pulse.ts'
import type { Chat } from './store.ts'
import { whyOf } from './why.ts'
import { LostAnswer, type Written, write } from './writing.ts'

const sourcesAsked = 10
/** An answer that takes its time is kept as it grows. */
const keepEvery = 500
/** A model that thinks for long is no reason to believe that nobody writes any more. */
const holdEvery = 30_000

const broken = 'Something went wrong while this was answered.'
const reasons = { stopped, interrupted }

export type ToAnswer = {
  chat: Chat
  answer: string
  workspace: Workspace
  user: Reader
  question: string
  turns: Turn[]
  tags: string[]
}

/** An answer that is being written, from the question to its last word in the database. */
export type Task = {
  chat: string
  user: string
  done: Promise<void>
  /** Once there is more of it than now. */
  grown(): Promise<void>
  progress(): Progress
  stop(why: keyof typeof reasons): void
}

/** Begins to answer; it goes on whether or not anybody waits for it. */
export function startTask(app: App, answerer: Answerer, asked: ToAnswer): Task {
  const { chat, answer, workspace, user, turns, tags } = asked
  // Quotes answer what is asked; a model also hears what is said beside it.
  const question = answerer.quotes ? bareQuestion(asked.question) : asked.question
  // What is remembered comes from everywhere; a program that is held to one workspace is not to hear of the others.
  const apart = user.within !== null
  const stopping = new AbortController()
  const { signal } = stopping
  const growth = pulse()
  const pieces: Piece[] = []
  let sources: Cited[] = []

  function keep(as: Pick<Written, 'state' | 'reason' | 'why'>, cited = numbersIn(textOf(pieces))) {
    const citations = citationsOf(cited, pieces, sources)
    const written = { ...as, pieces, sources, citations, answerer: answerer.name }
    return write({ answer, workspace: workspace.id }, written, app.db, app.now())
  }

  async function find(q: string, vector: Question['vector']): Promise<Cited[]> {
    const items = await app.searching.find(workspace, { q, limit: sourcesAsked, tags, vector }, user)
    return items.map(({ passage_id: passage, document_id: document, n: passage_n, page, ...item }, index) => ({
      ...item,
      ...{ n: index + 1, passage, document, passage_n },
      ...(page && { page })
    }))
  }

  async function take(coming: AsyncGenerator<Piece, Outcome>): Promise<Outcome> {
    let kept = performance.now()
    try {
      for (;;) {
        const step = await coming.next()
        if (step.done) return step.value
        pieces.push(step.value)
        growth.beat()
        if (performance.now() - kept < keepEvery) continue
        await keep({ state: 'writing' })
        kept = performance.now()
      }
    } finally {
      // A model is not to go on writing what nobody will keep.
      await coming.return(undefined as never)
    }
  }

  async function run() {
    const began = performance.now()
    const recalled = apart ? nothing : await app.memory.recall({ user, workspace, question, turns })
    const { memories, preferences } = recalled
    const query = searchQuery(question, turns, memories)
    sources = await find(query, recalled.vectorOf(query))
    const searched = performance.now()
    const outcome = await take(answerer.answer({ question, turns, sources, memories, preferences, signal }))
    const took = { search: searched - began, answer: performance.now() - searched }
    await app.memory.noted(answer, outcome, recalled, user)
    const state = outcome.status === 'answered' ? 'done' : 'nothing-found'
    await keep({ state, why: whyOf(sources, outcome, took) }, outcome.cited)
    if (!apart) await app.memory.remember({ ...asked, outcome, pieces, sources })
  }

  async function fail(error: unknown) {
    if (error instanceof LostAnswer) return
    const why = reasons[signal.reason as keyof typeof reasons]
    if (why) return keep({ state: 'interrupted', reason: why })
    app.log.warn({ err: error, answer }, 'a question could not be answered')
    return keep({ state: 'failed', reason: error instanceof AnswerFailed ? error.message : broken })
  }

  /** Whoever waits for a silent model hears only so that the answer was stopped, or deleted, elsewhere. */
  async function hold() {
    await keep({ state: 'writing' }).catch((error) => {
      if (error instanceof LostAnswer) stopping.abort(error)
    })
  }

  const holding = setInterval(hold, holdEvery).unref()
  const done = run()
    .catch(fail)
    .catch((error) => {
      if (!(error instanceof LostAnswer)) app.log.error({ err: error, answer }, 'an answer could not be kept')
    })
    .finally(() => clearInterval(holding))

  return {
    chat: chat.id,
    user: user.id,
    done,
    grown: growth.next,
    progress: () => progressOf(pieces, sources),
    stop: (why) => stopping.abort(why)
  }
}
