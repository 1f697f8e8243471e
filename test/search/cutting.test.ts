import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { Block } from '../../src/documents/block.ts'
import { openCutting } from '../../src/search/cutting.ts'
import { cut } from '../../src/search/passages.ts'

const book = (name: string): Block[] =>
  Array.from({ length: 5000 }, (_, at) => ({
    text: `It rained in ${name} on day ${at}.`,
    page: 1 + Math.floor(at / 40)
  }))

/** Counts how often something else had its turn, until it is told to stop. */
function bystander() {
  let turns = 0
  let next = setImmediate(function take() {
    turns += 1
    next = setImmediate(take)
  })
  return () => {
    clearImmediate(next)
    return turns
  }
}

t.test('others have their turn while a long document is cut, and it is cut as ever', async (t) => {
  const cutting = openCutting()
  t.teardown(cutting.close)
  const turns = bystander()
  const passages = await cutting.cut(book('May'))
  t.ok(turns() > 0)
  t.same(passages, cut(book('May')))
})

t.test('documents that are cut at the same time do not get mixed up', async (t) => {
  const cutting = openCutting()
  t.teardown(cutting.close)
  const [may, none, june] = await Promise.all([cutting.cut(book('May')), cutting.cut([]), cutting.cut(book('June'))])
  t.same(may, cut(book('May')))
  t.same(none, [])
  t.same(june, cut(book('June')))
})

t.test('whoever waits is told when the cutting is ended', async (t) => {
  const cutting = openCutting()
  const broken = t.rejects(cutting.cut(book('May')), /interrupted/)
  const next = t.rejects(cutting.cut(book('June')), /No more/)
  await turn()
  await cutting.close()
  await Promise.all([broken, next])
})
