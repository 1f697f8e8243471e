import { setTimeout as pause } from 'node:timers/promises'
import type { Answerer } from '../answerers/answerer.ts'
import { TooMany } from '../errors.ts'
import type { App } from '../plugins/app-type.ts'
import type { Named } from '../tags/tagging.ts'
import type { Workspace } from '../workspaces/store.ts'
import { clearForAnother, type Ids, putQuestion } from './asking.ts'
import { interruptLost, stopElsewhere } from './hold.ts'
import { exchangesIn } from './messages.ts'
import type { Progress } from './progress.ts'
import type { Chat } from './store.ts'
import { startTask, type Task, type ToAnswer } from './task.ts'

/** Nobody reads so many at once. */
const mostAtOnce = 100
/** An answer that grows word by word is told some words at a time. */
const tellEvery = 100
const lookEvery = 500
const lostEvery = 30_000

type Reader = { id: string }
type Place = { workspace: Workspace; chat: Chat; user: Reader }
type Asking = Place & { question: string; tags?: Named[] }

/** Answers questions, each in a task of its own that does not depend on the request that asked. */
export function openAnswering(app: App, answerer: Answerer) {
  const running = new Map<string, Task>()
  let closing = false

  const lost = setInterval(() => {
    interruptLost(app.db, app.now(), { alone: false }).catch((error) => app.log.error({ err: error }, 'answers lost'))
  }, lostEvery).unref()

  function start(asked: ToAnswer) {
    const task = startTask(app, answerer, asked)
    running.set(asked.answer, task)
    void task.done.finally(() => running.delete(asked.answer))
  }

  function refuseTooMany({ id }: Reader) {
    const theirs = [...running.values()].filter(({ user }) => user === id)
    if (theirs.length < mostAtOnce) return
    throw new TooMany({ retryAfter: 5, message: 'Let the answers that are being written come to their end first.' })
  }

  /** Puts a question and begins to answer it. */
  async function ask({ workspace, chat, user, question, tags = [] }: Asking): Promise<Ids> {
    refuseTooMany(user)
    const turns = await exchangesIn(chat, app.db).turns()
    const ids = await putQuestion(chat, { question, tags, user }, app.db, app.now())
    start({ chat, answer: ids.answer, workspace, user, question, turns, tags: tags.map(({ id }) => id) })
    return ids
  }

  /** Answers a question anew whose answer failed or was interrupted. */
  async function again({ workspace, chat, user }: Place, answer: string) {
    refuseTooMany(user)
    const exchanges = exchangesIn(chat, app.db)
    const { question } = await exchanges.open(answer)
    const turns = await exchanges.turns(question.id)
    if (!(await clearForAnother(answer, app.db, app.now()))) return
    start({
      chat,
      answer,
      workspace,
      user,
      question: question.content,
      turns,
      tags: question.tags.map(({ id }) => id)
    })
  }

  /** Ends an answer where it is. What was written stays. */
  async function stop(chat: Chat, answer: string) {
    await exchangesIn(chat, app.db).open(answer)
    const task = running.get(answer)
    if (!task) return stopElsewhere(answer, app.db)
    task.stop('stopped')
    await task.done
  }

  /** Ends whatever is being written in a chat, here at least. */
  async function stopAll({ id }: Chat) {
    const theirs = [...running.values()].filter(({ chat }) => chat === id)
    for (const task of theirs) task.stop('stopped')
    await Promise.all(theirs.map((task) => task.done))
  }

  /** The answer as it stands, whenever there is more of it, to its end; whichever process writes it. */
  async function* follow(chat: Chat, answer: string): AsyncGenerator<Progress> {
    while (!closing) {
      const task = running.get(answer)
      if (task) {
        const more = Promise.race([task.grown(), task.done])
        const progress = task.progress()
        if (progress.text) yield progress
        await more
        if (progress.text) await Promise.race([pause(tellEvery), task.done])
        continue
      }
      const { answer: kept } = await exchangesIn(chat, app.db).open(answer)
      yield kept
      if (kept.state !== 'writing') return
      await pause(lookEvery)
    }
  }

  /** Once the answer is in the database. */
  const done = async (answer: string) => void (await running.get(answer)?.done)

  /** Once every question has its answer. */
  const idle = async () => void (await Promise.all([...running.values()].map((task) => task.done)))

  async function close() {
    closing = true
    clearInterval(lost)
    for (const task of running.values()) task.stop('interrupted')
    await idle()
  }

  return { ask, again, stop, stopAll, follow, done, idle, close }
}

export type Answering = ReturnType<typeof openAnswering>
