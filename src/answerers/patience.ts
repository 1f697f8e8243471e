import { setTimeout as pause } from 'node:timers/promises'
import { AnswerFailed, failureOf } from './answer-failed.ts'

/** In milliseconds. Connecting has no limit of its own here: fetch gives up after ten seconds. */
export type Patience = {
  /** Until the model writes: a small machine may have to load it first. */
  firstToken: number
  betweenTokens: number
  /** How often it is asked, as long as it has not begun to answer. */
  tries: number
  /** Before the second try; twice as long before each further one. */
  backoff: number
}

export const ordinaryPatience: Patience = { firstToken: 120_000, betweenTokens: 30_000, tries: 3, backoff: 500 }

/** One word that came; undefined for a sign of life that is not to be shown. */
type Words = AsyncIterable<string | undefined>

/** Lets a stream speak as long as it keeps speaking. `ask` is to end when its signal does. */
async function* once(
  ask: (signal: AbortSignal) => Words,
  patience: Patience,
  signal: AbortSignal
): AsyncGenerator<string | undefined> {
  const stop = new AbortController()
  let begun = false
  const wait = () => setTimeout(() => stop.abort(), begun ? patience.betweenTokens : patience.firstToken)
  let timer = wait()
  try {
    for await (const words of ask(AbortSignal.any([signal, stop.signal]))) {
      clearTimeout(timer)
      begun = true
      yield words
      timer = wait()
    }
    if (stop.signal.aborted) throw new AnswerFailed(begun ? 'broken' : 'late')
  } catch (error) {
    if (stop.signal.aborted) throw new AnswerFailed(begun ? 'broken' : 'late')
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** After the first word only these two say more than that there will be no more. */
const asItIs = ['cut', 'withheld']

/**
 * Asks again what failed in passing, but only before the first word: nothing that was shown is taken back or said twice.
 * When the signal is given, its reason is thrown.
 */
export async function* patiently(
  ask: (signal: AbortSignal) => Words,
  patience: Patience,
  signal: AbortSignal
): AsyncGenerator<string> {
  for (let attempt = 1; ; attempt += 1) {
    let [begun, spoke] = [false, false]
    try {
      for await (const words of once(ask, patience, signal)) {
        begun = true
        if (!words) continue
        spoke = true
        yield words
      }
      signal.throwIfAborted()
      if (spoke) return
      throw new AnswerFailed('empty')
    } catch (error) {
      signal.throwIfAborted()
      const failure = failureOf(error)
      if (spoke && !asItIs.includes(failure.reason)) throw new AnswerFailed('broken', failure.status)
      if (begun || !failure.passing || attempt >= patience.tries) throw failure
      const wait = patience.backoff * 2 ** (attempt - 1) * (0.75 + Math.random() / 2)
      await pause(wait, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}
