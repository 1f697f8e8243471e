import t from 'tap'
import { startApp } from '../support/carrel.ts'
import { furnish, inTurn } from './desk.ts'
import type { Operation } from './document.ts'
import { recipesWith } from './recipes.ts'

t.test('whatever the document says may be answered is answered to somebody, and as it says', async (t) => {
  const desk = await furnish(t)
  const { operations, met, faults } = desk
  const limited = await startApp(t, { API_LIMIT: '1' })
  const recipes = recipesWith(limited)
  const documented = operations.flatMap(({ responses }) => Object.keys(responses))
  t.same(
    [...new Set(documented)].filter((status) => !recipes.some(([one]) => one === status)),
    [],
    'there is a way to each status'
  )

  for (const [status, recipe] of recipes) {
    const concerned = inTurn(operations.filter(({ responses }) => responses[status]))
    faults.clear()
    for (const operation of concerned) await recipe(desk, operation)
    t.same([...faults], [], `what was answered on the way to ${status}`)
    const unmet = concerned.map(({ name }) => `${name} ${status}`).filter((one) => !met.has(one))
    t.same(unmet, [], `nobody was answered ${status}`)
  }
})

t.test('files are taken as the document says, and answered as it says', async (t) => {
  const { ann, ids, operations, wrongWith } = await furnish(t)
  const operation = operations.find(({ name }) => name === 'POST /api/v1/documents') as Operation
  const fields = { workspace_id: ids.workspaceId as string, tags: 'flat, letters' }
  const send = () =>
    ann.sendFiles('/api/v1/documents', fields, [
      ['letter.txt', 'Dear Ann,'],
      ['none.txt', '']
    ])
  for (const status of [201, 200]) {
    const answer = await send()
    t.match(answer, { statusCode: status, body: /letter\.txt.*none\.txt/ })
    t.same(wrongWith(operation, answer), [])
  }
})
