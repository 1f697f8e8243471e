import { bestFirst, type Scored } from './best.ts'
import { type Look, type Near, product } from './vectors.ts'

type Rank = { rank: number; score: number }
export type Blended = Scored & { lexical?: Rank; dense?: Rank }

/** How many of each count. */
export const depth = 100
const leaders = 3
const lean = 0.1

/** Between 0 for the least of them and 1 for the best. */
function between(list: Scored[], score: number): number {
  const [most, least] = [list[0]?.score ?? 0, list.at(-1)?.score ?? 0]
  return most > least ? (score - least) / (most - least) : 1
}

/** Half of what the words say and half of what the meaning says; without vectors the words alone. */
function sum(lexical: Scored[], dense: Scored[] | undefined, lots: Uint32Array): Blended[] {
  const blended = new Map<number, Blended>()
  const share = dense ? 0.5 : 1
  function weigh(list: Scored[], name: 'lexical' | 'dense') {
    for (const [at, { id, score }] of list.entries()) {
      const known = blended.get(id) ?? { id, score: 0 }
      known[name] = { rank: at + 1, score }
      known.score += share * between(list, score)
      blended.set(id, known)
    }
  }
  weigh(lexical, 'lexical')
  weigh(dense ?? [], 'dense')
  return [...blended.values()].sort(bestFirst(lots))
}

/** The question, leaning a little towards what answers it best so far. */
function leaning(question: Float32Array, towards: Float32Array[]): Float32Array {
  return question.map((value, at) => towards.reduce((sum, vector) => sum + lean * (vector[at] as number), value))
}

type Given = { lexical: Scored[]; near: Near[] | undefined; question: Float32Array; lots: Uint32Array; look: Look }

/**
 * What words and meaning say together. It is asked twice: what is near the question and also near what came out best the
 * first time is more likely to be meant.
 */
export function blend({ lexical, near, question, lots, look }: Given): Blended[] {
  if (!near) return sum(lexical, undefined, lots)
  const known = new Map(near.map(({ id, score, vector }, at) => [id, { vector, place: { rank: at + 1, score } }]))
  const first = sum(lexical, near.slice(0, depth), lots).slice(0, leaders)
  const unknown = look(first.map(({ id }) => id).filter((id) => !known.has(id)))
  const towards = first
    .map(({ id }) => known.get(id)?.vector ?? unknown.get(id))
    .filter((vector) => vector !== undefined)
  const leant = leaning(question, towards)
  const dense = near.map(({ id, vector }) => ({ id, score: product(leant, vector) })).sort(bestFirst(lots))
  const blended = sum(lexical, dense.slice(0, depth), lots)
  return blended.map((one) => ({ ...one, ...(one.dense && { dense: known.get(one.id)?.place }) }))
}
