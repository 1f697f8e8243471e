import { AnswerFailed } from '../answerers/answer-failed.ts'
import type { Answerer, Outcome, Piece, Turn } from '../answerers/answerer.ts'
import { searchQuery } from '../answerers/follow-up.ts'
import { bareQuestion } from '../memory/said.ts'
import type { App } from '../plugins/app-type.ts'
import type { Question } from '../search/searching.ts'
import type { Workspace } from '../workspaces/store.ts'
import { turnsOf } from './messages.ts'
import { type Chat, holdAnswer, putQuestion } from './store.ts'
import { type Cited, type Written, write } from './writing.ts'

const sourcesAsked = 10
/** An answer that takes its time is kept as it grows. */
const keepEvery = 500

type Reader = { id: string }
type Asking = { workspace: Workspace; chat: Chat; user: Reader; question: string; tag?: string | undefined }
type Running = { done: Promise<void>; stop: AbortController }

const interrupted = 'Carrel was stopped while it wrote this.'
const broken = 'Something went wrong while this was answered.'

/** How an answer came about, for whoever wants to know. */
function whyOf(query: string, sources: Cited[], outcome: Outcome, took: { searchMs: number; answerMs: number }) {
  const candidates = sources.map(({ n, title, section, page, score, lexical, dense }) => ({
    ...{ n, title, section, page, score, lexical, dense },
    read: outcome.read.includes(n),
    cited: outcome.cited.includes(n)
  }))
  return { query, candidates, promptTokens: outcome.promptTokens, ...took }
}

/** Answers questions, each in a task of its own that goes on whether or not anybody waits for it. */
export function openAnswering(app: App, answerer: Answerer) {
  const running = new Map<string, Running>()

  async function sourcesFor({ workspace, user, tag }: Asking, q: string, vector: Question['vector']): Promise<Cited[]> {
    const items = await app.searching.find(workspace, { q, limit: sourcesAsked, tag, vector }, user)
    return items.map(({ passage_id, document_id, n: passage_n, page, ...item }, index) => ({
      ...item,
      n: index + 1,
      passage: passage_id,
      document: document_id,
      passage_n,
      ...(page && { page })
    }))
  }

  /** One answer, from the question to its last word in the database. */
  function task(asking: Asking, id: string, turns: Turn[], signal: AbortSignal) {
    const place = { answer: id, workspace: asking.workspace.id }
    const pieces: Piece[] = []
    let sources: Cited[] = []

    const keep = (cited: number[], as: Omit<Written, 'answerer'>) =>
      write(place, pieces, sources, cited, { ...as, answerer: answerer.name }, app.db)

    async function take(coming: AsyncGenerator<Piece, Outcome>): Promise<Outcome> {
      let kept = performance.now()
      for (;;) {
        const step = await coming.next()
        if (step.done) return step.value
        pieces.push(step.value)
        if (performance.now() - kept < keepEvery) continue
        await keep([], { state: 'writing', why: {} })
        await holdAnswer(id, app.db, app.now())
        kept = performance.now()
      }
    }

    async function answer() {
      const began = performance.now()
      // Quotes answer what is asked; a model also hears what is said beside it.
      const question = answerer.quotes ? bareQuestion(asking.question) : asking.question
      const recalled = await app.memory.recall({ ...asking, question, turns })
      const { memories, preferences } = recalled
      const query = searchQuery(question, turns, memories)
      sources = await sourcesFor(asking, query, recalled.vectorOf(query))
      const searched = performance.now()
      const outcome = await take(answerer.answer({ question, turns, sources, memories, preferences, signal }))
      const answerMs = Math.round(performance.now() - searched)
      await app.memory.noted(id, outcome, recalled, asking.user)
      // Without what it borrowed of memories, which may be forgotten.
      const why = whyOf(searchQuery(question, turns), sources, outcome, {
        searchMs: Math.round(searched - began),
        answerMs
      })
      await keep(outcome.cited, { state: outcome.status === 'answered' ? 'done' : 'nothing-found', why })
      await app.memory.remember({ ...asking, answer: id, outcome, pieces, sources })
    }

    async function fail(error: unknown) {
      app.log.warn({ err: error, answer: id }, 'a question could not be answered')
      if (signal.aborted) return keep([], { state: 'interrupted', reason: interrupted, why: {} })
      const reason = error instanceof AnswerFailed ? error.message : broken
      return keep([], { state: 'failed', reason, why: {} })
    }

    return answer()
      .catch(fail)
      .catch((error) => app.log.error({ err: error, answer: id }, 'an answer could not be kept'))
      .finally(() => running.delete(id)) as Promise<void>
  }

  /** Puts a question and begins to answer it. */
  async function ask(asking: Asking): Promise<{ question: string; answer: string }> {
    const turns = await turnsOf(asking.chat, app.db)
    const ids = await putQuestion(asking.chat, asking.question, app.db, app.now())
    const stop = new AbortController()
    running.set(ids.answer, { stop, done: task(asking, ids.answer, turns, stop.signal) })
    return ids
  }

  /** Once the answer is in the database. */
  const done = async (id: string) => void (await running.get(id)?.done)

  /** Once every question has its answer. */
  const idle = async () => void (await Promise.all([...running.values()].map((one) => one.done)))

  async function stop() {
    for (const one of running.values()) one.stop.abort()
    await idle()
  }

  return { ask, done, idle, stop }
}

export type Answering = ReturnType<typeof openAnswering>
