import type { App } from '../plugins/app-type.ts'
import type { Indexes } from './indexes.ts'
import { ownersOf } from './places.ts'
import { sweepReplicas } from './replicas.ts'

const lookEvery = 3000
const atOnce = 500

/**
 * Lets the indexes that are here follow what others change, above all what they delete: some indexes at a time, so that
 * a look costs the same however many there are. Where nobody else can change anything, one round at the start does
 * what a crash has interrupted.
 */
export function openFollowing(app: App, indexes: Indexes) {
  let behind = ''
  let stopping = false
  let looking: Promise<void> | undefined

  async function follow(names: string[]) {
    const owners = await ownersOf(names, app.db)
    for (const name of names) {
      if (stopping) return
      const owner = owners.get(name)
      if (!owner) await app.searching.dropIndex(name)
      else if ((await app.searching.revisionOf(name)) < owner.revision)
        await app.searching.bringUpToDate(owner.searched)
    }
  }

  /** The next few; true once all of them have had their turn. */
  async function step(): Promise<boolean> {
    const names = (await indexes.list()).filter((name) => name > behind).slice(0, atOnce)
    if (names.length > 0) await follow(names)
    behind = names.length === atOnce ? (names.at(-1) as string) : ''
    return behind === ''
  }

  async function look() {
    const round = await step()
    if (!round) return
    sweepReplicas(app.config)
    if (!app.config.databaseUrl) clearInterval(timer)
  }

  /** Once the next few have been looked at; several who wish for it at the same time share one look. */
  function now() {
    looking ??= look()
      .catch((error) => app.log.warn({ err: error }, 'the indexes could not follow'))
      .finally(() => {
        looking = undefined
      })
    return looking
  }

  const timer = setInterval(now, lookEvery)
  timer.unref()

  async function stop() {
    stopping = true
    clearInterval(timer)
    await looking
  }

  return { now, stop }
}

export type Following = ReturnType<typeof openFollowing>
