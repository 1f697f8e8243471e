import t from 'tap'
import { AnswerFailed } from '../../src/answerers/answer-failed.ts'
import { patiently } from '../../src/answerers/patience.ts'

const patience = { firstToken: 20_000, betweenTokens: 20_000, tries: 3, backoff: 60_000 }

t.test('whoever asked can call it off between two tries', async (t) => {
  const stop = new AbortController()
  const reason = new Error('Called off')
  let tries = 0
  const answer = patiently(
    // biome-ignore lint/correctness/useYield: it fails before it says anything.
    async function* () {
      tries += 1
      throw new AnswerFailed('busy')
    },
    patience,
    stop.signal
  )
  const first = answer.next()
  await new Promise(setImmediate)
  stop.abort(reason)
  await t.rejects(first, reason)
  t.equal(tries, 1)
})

t.test('no limit runs while whoever listens takes their time', async (t) => {
  const limits = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = limits()
  const answer = patiently(
    async function* () {
      yield 'one'
      await new Promise(setImmediate)
      yield 'two'
    },
    patience,
    new AbortController().signal
  )
  const first = answer.next()
  t.equal(limits(), before + 1)
  t.equal((await first).value, 'one')
  t.equal(limits(), before)
  const second = answer.next()
  await Promise.resolve()
  t.equal(limits(), before + 1)
  t.equal((await second).value, 'two')
  t.equal((await answer.next()).done, true)
  t.equal(limits(), before)
})
