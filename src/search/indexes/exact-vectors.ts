import { Best } from './best.ts'
import { candidates, floatsOf, grown, Ids, product, type Vectors } from './vectors.ts'

/** All the numbers, each vector compared with the question. */
export function exactVectors(dimensions: number, room: number): Vectors {
  const ids = new Ids(room)
  let numbers = new Float32Array(room * dimensions)

  return {
    get bytes() {
      return numbers.byteLength + ids.of.byteLength
    },
    get count() {
      return ids.count
    },
    add(rows) {
      for (const [id, vector] of rows) {
        if ((ids.count + 1) * dimensions > numbers.length) {
          const more = new Float32Array(grown(ids.count) * dimensions)
          more.set(numbers)
          numbers = more
        }
        numbers.set(floatsOf(vector), ids.count * dimensions)
        ids.push(id)
      }
    },
    nearest(question, { allowed, lots }) {
      const best = new Best(candidates, lots)
      const slots = new Map<number, number>()
      for (let at = 0; at < ids.count; at += 1) {
        const id = ids.of[at] as number
        if (allowed[id] && best.show(id, product(question, numbers, at * dimensions))) slots.set(id, at)
      }
      return best.list().map(({ id, score }) => {
        const from = (slots.get(id) as number) * dimensions
        return { id, score, vector: numbers.subarray(from, from + dimensions) }
      })
    }
  }
}
