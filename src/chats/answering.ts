import { setTimeout as pause } from 'node:timers/promises'
import type { Answerer } from '../answerers/answerer.ts'
import { TooMany } from '../errors.ts'
import type { App } from '../plugins/app-type.ts'
import type { Named } from '../tags/tagging.ts'
import type { Reader } from '../viewer.ts'
import type { Workspace } from '../workspaces/store.ts'
import { clearForAnother, type Ids, putQuestion } from './asking.ts'
import { interruptLost, stopElsewhere } from './hold.ts'
import { exchangesIn } from './messages.ts'
import type { Progress } from './progress.ts'
import { type Chat, chatsIn } from './store.ts'
import { startTask, type Task, type ToAnswer } from './task.ts'

/** Nobody reads so many at once. */
const mostAtOnce = 100
/** An answer that grows word by word is told some words at a time. */
const tellEvery = 100
const lookEvery = 500
const lostEvery = 30_000

type Place = { workspace: Workspace; chat: Chat; user: Reader }
type Asking = Place & { question: string; tags?: Named[] }

/** Answers questions, each in a task of its own that does not depend on the request that asked. */
export function openAnswering(app: App, answerer: Answerer) {
  const running = new Map<string, Task>()
  /** Whose questions are on their way to be answered. */
  const beginning: string[] = []
  let closing = false

  const lost = setInterval(() => {
    interruptLost(app.db, app.now(), { alone: false }).catch((error) => app.log.error({ err: error }, 'answers lost'))
  }, lostEvery).unref()

  function start(asked: ToAnswer) {
    const task = startTask(app, answerer, asked)
    running.set(asked.answer, task)
    void task.done.finally(() => running.delete(asked.answer))
  }

  /** One more for a person, who has so many at most; it counts before it is begun. */
  async function oneMore<Begun>({ id }: { id: string }, begin: () => Promise<Begun>): Promise<Begun> {
    const theirs = [...beginning, ...[...running.values()].map(({ user }) => user)].filter((user) => user === id)
    if (theirs.length >= mostAtOnce)
      throw new TooMany({ retryAfter: 5, message: 'Let the answers that are being written come to their end first.' })
    beginning.push(id)
    return begin().finally(() => beginning.splice(beginning.indexOf(id), 1))
  }

  async function put({ workspace, chat, user, question, tags = [] }: Asking): Promise<Ids> {
    const turns = await exchangesIn(chat, app.db).turns()
    const ids = await putQuestion(chat, { question, tags, user }, app.db, app.now())
    start({ chat, answer: ids.answer, workspace, user, question, turns, tags: tags.map(({ id }) => id) })
    return ids
  }

  /** Puts a question and begins to answer it. */
  const ask = (asking: Asking) => oneMore(asking.user, () => put(asking))

  /** The same in a new chat, which there is only if the question may be put. */
  const askAnew = (asking: Omit<Asking, 'chat'>): Promise<Chat> =>
    oneMore(asking.user, async () => {
      const { workspace, user, question } = asking
      const chat = await chatsIn(workspace, user, app.db).start(question, app.now())
      await put({ ...asking, chat })
      return chat
    })

  /** Answers a question anew whose answer failed or was interrupted. */
  const again = ({ workspace, chat, user }: Place, answer: string) =>
    oneMore(user, async () => {
      const exchanges = exchangesIn(chat, app.db)
      const { question, answer: before } = await exchanges.open(answer)
      // It was stopped elsewhere, and whoever writes it here has not heard of that yet.
      if (before.state !== 'writing') await end(answer)
      const turns = await exchanges.turns(question.id)
      if (!(await clearForAnother(answer, app.db, app.now()))) return
      const tags = question.tags.map(({ id }) => id)
      start({ chat, answer, workspace, user, question: question.content, turns, tags })
    })

  async function end(answer: string) {
    const task = running.get(answer)
    task?.stop('stopped')
    await task?.done
  }

  /** Ends an answer where it is. What was written stays. */
  async function stop(chat: Chat, answer: string) {
    await exchangesIn(chat, app.db).open(answer)
    if (!running.has(answer)) return stopElsewhere(answer, app.db)
    await end(answer)
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

  /** Once it is written no more, whichever process wrote it. */
  async function ended(chat: Chat, answer: string) {
    const coming = follow(chat, answer)
    while (!(await coming.next()).done);
  }

  /** Once every question has its answer. */
  const idle = async () => void (await Promise.all([...running.values()].map((task) => task.done)))

  async function close() {
    closing = true
    clearInterval(lost)
    for (const task of running.values()) task.stop('interrupted')
    await idle()
  }

  return { ask, askAnew, again, stop, stopAll, follow, done, ended, idle, close }
}

export type Answering = ReturnType<typeof openAnswering>
