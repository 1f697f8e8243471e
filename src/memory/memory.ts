import type { Answerer, Outcome } from '../answerers/answerer.ts'
import type { App } from '../plugins/app-type.ts'
import { turnsByName } from '../search/indexes/turns.ts'
import { forgetting } from './forgetting.ts'
import { isJudged, judged } from './judging.ts'
import { openNotebook } from './notebook.ts'
import { nothing, type Recalled, type Recalling, recall } from './recalling.ts'
import { type Answered, keepExchange, keepSaid } from './remembering.ts'
import { saidOfOneself } from './said.ts'
import { memoriesOfPerson } from './searched.ts'
import { noteUsed } from './used.ts'
import { embedMemories } from './vectors.ts'

type Reader = { id: string }

/** Remembers and recalls for whoever asks. What takes long is done behind the answers, and none of it fails one. */
export function openMemory(app: App, answerer: Answerer) {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const inTurn = turnsByName()

  function notAsItShould(error: unknown) {
    if (!stopping.signal.aborted) app.log.warn({ err: error }, 'something was not remembered as it should be')
  }

  /** One after the other for each person. */
  function behind({ id }: Reader, work: () => Promise<void>) {
    const done = inTurn(id, work)
      .catch(notAsItShould)
      .finally(() => running.delete(done))
    running.add(done)
  }

  /** Until then the new ones are found by their words alone. */
  async function embed(user: Reader) {
    const { embedder } = app.searching
    if (embedder) await embedMemories(user, embedder, app.db, stopping.signal)
    await app.searching.bringUpToDate(memoriesOfPerson(user.id))
  }

  /** After something was added, changed or forgotten: what is gone is gone from the disk when this is over. */
  async function changed(user: Reader) {
    await forgetting(app, [user.id])
    behind(user, () => embed(user))
  }

  /** Those from before there was this embedder, or while it did not answer, have no vectors yet. */
  async function embedIfBehind(user: Reader) {
    const name = await app.searching.bringUpToDate(memoriesOfPerson(user.id))
    if (name && !(await app.searching.hasVectors(name))) await embed(user)
  }

  async function recalled(recalling: Recalling): Promise<Recalled> {
    try {
      const known = await recall(app, recalling, answerer)
      if (known.on && app.searching.embedder) behind(recalling.user, () => embedIfBehind(recalling.user))
      return known
    } catch (error) {
      app.log.warn({ err: error }, 'a question was answered without what is remembered')
      return nothing
    }
  }

  /** Says beside an answer what it used. */
  async function noted(answer: string, { usedMemories }: Outcome, { followed }: Recalled, user: Reader) {
    await noteUsed(answer, [...new Set([...usedMemories, ...followed])], user, app.db).catch((error) =>
      app.log.warn({ err: error, answer }, 'what an answer used was not noted')
    )
  }

  const keepAll = (answered: Answered, said: Parameters<typeof keepSaid>[1]) =>
    keepSaid(answered, said, app.db, app.now())

  /** By rules at once, or as a model judges; what somebody asks to be remembered is, whatever that thinks. */
  async function keepNow(just: Omit<Answered, 'notebook'>) {
    const { user, question } = just
    const notebook = await openNotebook(user, app.db)
    if (!notebook) return
    const answered = { ...just, notebook }
    const waits = isJudged(question, answerer)
    await keepExchange(answered, app.db, app.now())
    await keepAll(
      answered,
      saidOfOneself(question).filter(({ urged }) => urged || !waits)
    )
    behind(user, async () => {
      if (waits) await keepAll(answered, await judged(app, question, answerer, stopping.signal))
      await embed(user)
    })
  }

  const remember = (answered: Omit<Answered, 'notebook'>) => keepNow(answered).catch(notAsItShould)

  /** Once everything that is being remembered is. */
  async function idle() {
    while (running.size > 0) await Promise.all(running)
  }

  async function stop() {
    stopping.abort()
    await idle()
  }

  return { recall: recalled, noted, remember, changed, idle, stop }
}

export type Remembering = ReturnType<typeof openMemory>
