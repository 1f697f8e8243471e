import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Entry, Indexes } from '../../../src/search/indexes.ts'
import type { Library } from './library.ts'
import { quantile } from './numbers.ts'

export const rounds = 5
export const limit = 10
export const embedder = 'bench'
const batch = 1000

export type Passage = ReturnType<Library['entry']>
export type Asked = ReturnType<Library['question']>
export type Ask = (asked: Asked) => Promise<unknown>

/** An index of so many passages, which are also handed back. */
export async function fill(indexes: Indexes, index: string, library: Library, count: number): Promise<Passage[]> {
  const passages: Passage[] = []
  for (let from = 0; from < count; from += batch) {
    const add: Entry[] = []
    for (let at = from; at < Math.min(count, from + batch); at += 1) {
      const passage = library.entry(at)
      passages.push(passage)
      add.push(passage)
    }
    await indexes.apply(index, { revision: from + 1, embedder, add })
  }
  return passages
}

/** As many questions as all rounds take, about passages from everywhere. */
export function questionsAbout(library: Library, passages: Passage[], perRound: number): Asked[] {
  return Array.from({ length: rounds * perRound }, (_, at) =>
    library.question(passages[(at * 331) % passages.length] as Passage)
  )
}

/** Each question alone, one after the other: for each round the median and the 95th of a hundred, in ms. */
export async function timed(ask: Ask, questions: Asked[]) {
  const perRound = questions.length / rounds
  const took = { p50: [] as number[], p95: [] as number[], delay: [] as number[] }
  for (const asked of questions.slice(0, perRound / 2)) await ask(asked)
  for (let round = 0; round < rounds; round += 1) {
    const times: number[] = []
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    for (const asked of questions.slice(round * perRound, (round + 1) * perRound)) {
      const began = performance.now()
      await ask(asked)
      times.push(performance.now() - began)
      await breathe()
    }
    delay.disable()
    took.p50.push(quantile(times, 0.5))
    took.p95.push(quantile(times, 0.95))
    took.delay.push(delay.percentile(99) / 1e6)
  }
  return took
}
