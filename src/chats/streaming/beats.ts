import { setTimeout as pause } from 'node:timers/promises'

/** The same, and a beat whenever nothing has come for so long, lest somebody on the way gives the connection up. */
export async function* withBeats<Item>(coming: AsyncGenerator<Item>, every: number): AsyncGenerator<Item | 'beat'> {
  let next = coming.next()
  try {
    for (;;) {
      const rest = new AbortController()
      const beat = pause(every, 'beat' as const, { signal: rest.signal, ref: false }).catch(() => 'beat' as const)
      const first = await Promise.race([next, beat])
      rest.abort()
      if (first === 'beat') yield first
      else if (first.done) return
      else {
        yield first.value
        next = coming.next()
      }
    }
  } finally {
    next.catch(() => {})
    coming.return(undefined).catch(() => {})
  }
}
