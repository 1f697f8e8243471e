import type { App } from '../plugins/app-type.ts'
import { embedPassages } from '../search/vectors.ts'
import { type Held, handBack, holdNext, holdOn, LostHold, somethingIsUnread } from './hold.ts'
import { giveUp, giveUpHopeless, isHopeless, publish, readOriginal } from './reading.ts'
import { documentsOfWorkspace } from './searched.ts'

const renewEvery = 20_000
const lookEvery = 5_000

/** Reads what is put on the desks, one document after the other, for as long as the server runs. */
export function openReading(app: App) {
  let stopping = false
  let wanted = false
  let running: Promise<void> | undefined

  async function read(held: Held) {
    const renewing = setInterval(() => holdOn(held, app.db, app.now()).catch(() => {}), renewEvery)
    try {
      if (isHopeless(held)) return await giveUpHopeless(held, app.db)
      if (held.state !== 'indexing') await readOriginal(app, held)
      await app.searching.bringUpToDate(documentsOfWorkspace(held.workspace_id))
      if (!(await embed(held))) return await handBack(held, app.db)
      await publish(held, { state: 'ready', tries: 0, held_by: null, held_until: null }, app.db)
      await app.searching.bringUpToDate(documentsOfWorkspace(held.workspace_id))
    } catch (error) {
      if (error instanceof LostHold) return
      if (stopping) return await handBack(held, app.db).catch(() => {})
      app.log.warn({ err: error, document: held.id }, 'a document could not be read')
      await giveUp(held, error, app.db).catch(() => {})
    } finally {
      clearInterval(renewing)
    }
  }

  /**
   * A document without vectors can still be found by its words, so a long one gives way to what nobody can find yet;
   * false where it does.
   */
  async function embed(held: Held): Promise<boolean> {
    const { embedder } = app.searching
    if (!embedder) return true
    try {
      return await embedPassages(held, embedder, app.db, () => somethingIsUnread(app.db, app.now()))
    } catch (error) {
      if (error instanceof LostHold || stopping) throw error
      app.log.warn({ err: error, document: held.id }, 'a document has no vectors; it is found by its words alone')
      return true
    }
  }

  async function work() {
    while (wanted && !stopping) {
      wanted = false
      for (let held = await next(); held; held = await next()) await read(held)
    }
  }

  async function next(): Promise<Held | undefined> {
    if (stopping) return undefined
    const held = await holdNext(app.db, app.now())
    if (!held || !stopping) return held
    await handBack(held, app.db)
  }

  /** There may be something to read; another process may have put it there. */
  function wake() {
    wanted = true
    running ??= work()
      .catch((error) => app.log.error({ err: error }, 'reading stopped for now'))
      .finally(() => {
        running = undefined
      })
  }

  /** Once everything that was there to read has been. */
  const done = async () => void (await running)

  const timer = setInterval(wake, lookEvery)
  timer.unref()

  /** What is being read goes back as it was; whatever it waits for has to be ended by whoever stops this. */
  async function stop() {
    stopping = true
    clearInterval(timer)
    await running
  }

  return { wake, done, stop }
}

export type Reading = ReturnType<typeof openReading>
