/** Wakes whoever waits for the next beat, as many as there are. */
export function pulse() {
  let waiting = Promise.withResolvers<void>()
  return {
    next: () => waiting.promise,
    beat() {
      const { resolve } = waiting
      waiting = Promise.withResolvers<void>()
      resolve()
    }
  }
}
