import t from 'tap'
import { startApp } from '../support/carrel.ts'

const path = '/api/v1/preferences'

t.test('a program reads and changes how its owner wants answers, and only what it names', async (t) => {
  const { person } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const fresh = { memory: 'on', answer_length: 'normal', language: null, about_me: null }
  t.same((await ann.open(path)).json(), fresh)

  const wished = await ann.api('PATCH', path, { answer_length: 'short', language: ' Italian ' })
  t.same(wished.json(), { ...fresh, answer_length: 'short', language: 'Italian' })
  t.same((await ann.api('PATCH', path, { memory: 'off' })).json(), {
    ...fresh,
    memory: 'off',
    answer_length: 'short',
    language: 'Italian'
  })
  t.equal((await ann.api('POST', '/api/v1/memories', { text: 'I rent.' })).statusCode, 409, 'memory is off')
  t.match((await ann.open('/settings/memory')).body, /value="Italian"/, 'the page shows the same')
  t.same((await ann.api('PATCH', path, { language: '' })).json().language, null, 'a wish is taken back')
  t.same((await bob.open(path)).json(), fresh, 'nobody else is told')
})

t.test('what the page sets the program sees, and the rest of the context stays', async (t) => {
  const { visitor } = await startApp(t)
  const ann = visitor()
  const newcomer = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password: 'four unrelated words' }
  await ann.api('POST', '/api/auth/signup', { ...newcomer, context: { theme: 'sepia' } })
  await ann.submit('/settings/memory', { memory: 'on', answer_length: 'long', language: '', about_me: 'I rent.' })
  t.same((await ann.open(path)).json(), { memory: 'on', answer_length: 'long', language: null, about_me: 'I rent.' })
  await ann.api('PATCH', path, { about_me: 'I own.' })
  t.same((await ann.open('/api/v1/auth/me')).json().context, {
    theme: 'sepia',
    answer_length: 'long',
    about_me: 'I own.'
  })
})

t.test('what is no wish is refused with words beside its field, and nothing is changed', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  for (const [body, field] of [
    [{ memory: 'perhaps' }, 'memory'],
    [{ answer_length: 'endless' }, 'answer_length'],
    [{ language: 'x'.repeat(51) }, 'language'],
    [{ memory: 'off', theme: 'sepia' }, 'theme']
  ] as const) {
    const answer = await ann.api('PATCH', path, body)
    t.equal(answer.statusCode, 400)
    t.ok(answer.json().fields[field], field)
  }
  t.equal((await ann.api('PATCH', path, {})).statusCode, 400)
  t.match((await ann.open(path)).json(), { memory: 'on', answer_length: 'normal' })
})
