import { Busy } from '../errors.ts'

type Waiting = { start: () => void; refuse: (error: Error) => void }

/**
 * So many at once, and a short queue behind them that nobody can fill alone: the turns go round, and whoever has the
 * most waiting gives a place up to whoever has fewer.
 */
export function fairTurns(atOnce: number, longestQueue: number) {
  const queues = new Map<string, Waiting[]>()
  let waiting = 0
  let running = 0

  function makePlace(whom: string) {
    if (waiting < longestQueue) return
    const longest = [...queues.values()].reduce((most, one) => (one.length > most.length ? one : most))
    if (longest.length <= (queues.get(whom)?.length ?? 0) + 1) throw new Busy({ retryAfter: 5 })
    longest.pop()?.refuse(new Busy({ retryAfter: 5 }))
    waiting -= 1
  }

  function wait(whom: string) {
    makePlace(whom)
    return new Promise<void>((start, refuse) => {
      queues.set(whom, [...(queues.get(whom) ?? []), { start, refuse }])
      waiting += 1
    })
  }

  function pass() {
    const [next] = queues
    if (!next) {
      running -= 1
      return
    }
    const [whom, [first, ...others]] = next
    queues.delete(whom)
    if (others.length > 0) queues.set(whom, others)
    waiting -= 1
    first?.start()
  }

  return async <Result>(whom: string, work: () => Promise<Result>): Promise<Result> => {
    if (running >= atOnce) await wait(whom)
    else running += 1
    try {
      return await work()
    } finally {
      pass()
    }
  }
}
