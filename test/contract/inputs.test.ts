import fc from 'fast-check'
import t from 'tap'
import { inTurn } from '../support/in-turn.ts'
import { type Desk, furnish } from './desk.ts'
import type { Operation } from './document.ts'
import { bodiesFor, placesFor, queriesFor } from './requests.ts'

const seed = 20261121
/** These hash passwords, or have an answer written. */
const slow = /auth\/(signup|login|password)$|messages$/

const takesSomething = ({ requestBody, parameters }: Operation) =>
  requestBody !== undefined || parameters.some((one) => one.in !== 'header')

/** What was sent, as it was understood; undefined where it could not be. */
function parsed(body: string | undefined): unknown {
  try {
    return /"__proto__":/.test(body ?? '') ? undefined : JSON.parse(body ?? '')
  } catch {
    return undefined
  }
}

const trimmed = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, one) =>
    typeof one === 'string' && !/password/.test(name) ? one.trim() : one
  )

/** What is wrong with an answer to something that may have been anything. */
function faultsOf(
  { allows, wrongWith }: Desk,
  operation: Operation,
  sent: string | undefined,
  answer: Awaited<ReturnType<Desk['ask']>>
) {
  const { statusCode, body } = answer
  if (statusCode >= 500) return [`a fault of ours: ${body}`]
  const faults = wrongWith(operation, answer)
  const given = parsed(sent)
  if (operation.requestBody && statusCode < 300 && !allows(operation, given) && !allows(operation, trimmed(given)))
    faults.push(`${statusCode}, though this is not allowed`)
  if (statusCode === 400) {
    const { fields = {}, code } = JSON.parse(body)
    const object = typeof given === 'object' && given !== null && !Array.isArray(given) && Object.keys(given).length > 0
    const named = Object.keys(fields).length > 0 || code === 'SIGNUP_REFUSED'
    if ((object || sent === undefined) && !named) faults.push(`400, and no word of what is wrong: ${body}`)
  }
  return faults
}

t.test('whatever is sent is answered as the document says', async (t) => {
  const desk = await furnish(t)
  const { app, ann, ask, ids, operations, visitor, met } = desk
  await app.reading.stop()
  let cases = 0

  for (const operation of inTurn(operations.filter(takesSomething))) {
    const gated = operation.security.length > 0
    const request = fc.record({
      places: placesFor(operation, ids),
      query: queriesFor(operation, ids),
      body: bodiesFor(operation, ids),
      key: fc.option(fc.constantFrom('one', 'two', 'three'), { freq: 3, nil: undefined }),
      signedIn: gated ? fc.constantFrom(true, true, true, true, false) : fc.constant(false)
    })
    const property = fc.asyncProperty(request, async ({ places, query, body, key, signedIn }) => {
      cases += 1
      if (slow.test(operation.path)) await app.db.deleteFrom('throttles').execute()
      const headers = { ...(key && operation.method === 'POST' && { 'idempotency-key': key }) }
      const answer = await ask(operation, {
        as: signedIn ? ann : visitor(),
        ids: { ...ids, ...places },
        query,
        body,
        headers
      })
      const faults = faultsOf(desk, operation, body, answer)
      if (faults.length > 0) throw new Error(faults.join('\n'))
    })
    const numRuns = !operation.requestBody ? 100 : slow.test(operation.path) ? 70 : 350
    await fc
      .assert(property, { seed, numRuns, endOnFailure: true })
      .catch((error) => t.fail(`${operation.name}: ${error.cause?.message}\n${error.message}`))
  }

  t.ok(cases >= 5000, `${cases} requests`)
  t.equal((await ann.open('/api/v1/username')).statusCode, 200, 'Ann is still there')
  const takesBody = operations.filter(({ requestBody }) => requestBody)
  const without = (status: RegExp) =>
    takesBody
      .map(({ name }) => name)
      .filter((name) => ![...met].some((one) => one.startsWith(`${name} `) && status.test(one)))
  t.same(without(/ 400$/), [], 'each body was refused once')
  t.same(without(/ 20\d$/), [], 'and taken once')
})
