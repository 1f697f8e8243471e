import t from 'tap'
import { seen } from '../support/browser.ts'
import { startApp } from '../support/carrel.ts'

const nowhere = '01900000-0000-7000-8000-000000000000'

t.test('a person adds, finds, changes and forgets what is remembered', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  t.match((await ann.open('/memory')).body, 'Nothing yet.')
  t.match((await ann.open('/')).body, '<a href="/memory">Memory</a>')

  t.match(await ann.submit('/memory', { text: '  The spare key   is with Cleo. ' }), { statusCode: 303 })
  await ann.submit('/memory', { text: 'Please answer in German.' })
  const page = (await ann.open('/memory')).body
  t.match(
    page,
    /Remembered\.[\s\S]*Your wish[\s\S]*Please answer in German\.[\s\S]*About you[\s\S]*The spare key is with Cleo\./
  )
  t.match(await ann.submit('/memory', { text: ' ' }), { statusCode: 422, body: /Write something, in up to 500/ })
  t.match(await ann.submit('/memory', { text: 'x'.repeat(501) }), { statusCode: 422, body: /x{501}/ })

  const found = (await ann.open('/memory?q=key')).body
  t.match(found, 'The spare key is with Cleo.')
  t.notMatch(found, 'Please answer in German.')
  t.match((await ann.open('/memory?q=elephants')).body, 'Nothing here answers to that.')

  const [wish, key] = (await ann.open('/api/v1/memories')).json().items
  t.match((await ann.open(`/memory/${key.id}`)).body, /<textarea[^>]*>The spare key is with Cleo\.<\/textarea>/)
  t.equal((await ann.submit(`/memory/${key.id}`, { text: 'The spare key is with Dora.' })).statusCode, 303)
  t.match((await ann.open('/memory?q=dora')).body, 'The spare key is with Dora.')
  t.match((await ann.open('/memory?q=cleo')).body, 'Nothing here answers to that.')
  const same = await ann.submit(`/memory/${key.id}`, { text: 'please answer in German' })
  t.match(same, { statusCode: 422, body: /This is remembered already\./ })

  const gone = await ann.submit(`/memory/${wish.id}/forget`)
  t.match(gone, { statusCode: 303, headers: { location: '/memory' } })
  t.notMatch((await ann.open('/memory')).body, 'Please answer in German.')
  t.equal((await ann.submit(`/memory/${wish.id}/forget`)).statusCode, 404)
})

t.test('to forget leads back to where it was asked for, and never to another site', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const back: Record<string, string> = {
    '/tasks#m-1': '/tasks#m-1',
    '//evil.example': '/memory',
    'https://evil.example': '/memory'
  }
  for (const [next, location] of Object.entries(back)) {
    const { id } = (await ann.api('POST', '/api/v1/memories', { text: 'I live in Rome.' })).json()
    t.match(await ann.submit(`/memory/${id}/forget`, { next }), { statusCode: 303, headers: { location } }, next)
  }
})

t.test('everything is forgotten only when that was confirmed', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  await ann.submit('/memory', { text: 'I live in Rome.' })
  t.match((await ann.open('/memory/forget')).body, 'Forget everything?')
  t.match((await ann.open('/memory')).body, 'I live in Rome.')
  t.match(await ann.submit('/memory/forget'), { statusCode: 303, headers: { location: '/memory' } })
  t.match((await ann.open('/memory')).body, /All of it is forgotten\.[\s\S]*Nothing yet\./)
  t.match((await ann.open('/memory?q=rome')).body, 'Nothing here answers to that.')
  await ann.submit('/memory', { text: 'I live in Bern.' })
  t.match((await ann.open('/memory?q=bern')).body, 'I live in Bern.', 'what comes after is found again')
})

t.test('the JSON twin lists by cursor, and tells what it may be changed to', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  for (const text of ['I live in Rome.', 'Keep it short.', 'I own a boat.']) {
    t.equal((await ann.api('POST', '/api/v1/memories', { text })).statusCode, 201)
  }
  const first = (await ann.open('/api/v1/memories?limit=2')).json()
  t.match(first.items, [
    {
      id: String,
      kind: 'fact',
      text: 'I own a boat.',
      gist: null,
      workspace_id: null,
      chat_id: null,
      message_id: null
    },
    { kind: 'preference', text: 'Keep it short.', created_at: String, updated_at: String }
  ])
  const second = (await ann.open(`/api/v1/memories?limit=2&cursor=${first.next_cursor}`)).json()
  t.match(second, { items: [{ text: 'I live in Rome.' }], next_cursor: null })
  t.match((await ann.open('/memory?limit=2')).body, `?cursor=${first.next_cursor}`)
  t.match((await ann.open('/api/v1/memories?q=boat')).json(), { items: [{ text: 'I own a boat.' }], next_cursor: null })

  const [{ id }] = first.items
  t.match((await ann.api('PATCH', `/api/v1/memories/${id}`, { text: 'I own a ship.' })).json(), {
    id,
    text: 'I own a ship.'
  })
  t.match((await ann.open(`/api/v1/memories/${id}`)).json(), { id, text: 'I own a ship.' })
  t.match((await ann.api('PATCH', `/api/v1/memories/${id}`, {})).statusCode, 400)
  t.match((await ann.api('POST', '/api/v1/memories', { text: 'I sail.', kind: 'preference' })).json(), {
    kind: 'preference'
  })
  t.match((await ann.api('POST', '/api/v1/memories', { text: 'I sail.', kind: 'exchange' })).statusCode, 400)
  t.equal((await ann.api('DELETE', `/api/v1/memories/${id}`)).statusCode, 204)
  t.equal((await ann.open(`/api/v1/memories/${id}`)).statusCode, 404)
  t.equal((await ann.api('DELETE', '/api/v1/memories')).statusCode, 204)
  t.same((await ann.open('/api/v1/memories')).json(), { items: [], next_cursor: null })
})

t.test('the same thing twice is kept once', async (t) => {
  const { person, clock } = await startApp(t)
  const ann = await person('Ann')
  const first = (await ann.api('POST', '/api/v1/memories', { text: 'I live in Rome.' })).json()
  clock.pass(60)
  const second = (await ann.api('POST', '/api/v1/memories', { text: 'i live  in ROME' })).json()
  t.equal(second.id, first.id)
  t.ok(second.updated_at > first.updated_at)
  t.equal((await ann.open('/api/v1/memories')).json().items.length, 1)
})

t.test('memories of others are like ones that never were', async (t) => {
  const { person } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const { id } = (await ann.api('POST', '/api/v1/memories', { text: 'The heliotrope windlass is mine.' })).json()
  for (const path of [`/memory/${id}`, `/api/v1/memories/${id}`]) {
    t.equal((await bob.open(path)).statusCode, 404)
    t.same(seen(await bob.open(path)), seen(await bob.open(path.replace(id, nowhere))), path)
  }
  const tries = (id: string) => [
    () => bob.submit(`/memory/${id}`, { text: 'Mine' }),
    () => bob.submit(`/memory/${id}/forget`),
    () => bob.api('PATCH', `/api/v1/memories/${id}`, { text: 'Mine' }),
    () => bob.api('DELETE', `/api/v1/memories/${id}`)
  ]
  for (const [at, attempt] of tries(id).entries()) {
    const answer = seen(await attempt())
    t.equal(answer.statusCode, 404)
    t.same(answer, seen((await tries(nowhere)[at]?.()) as never))
  }
  await bob.api('POST', '/api/v1/memories', { text: 'The windlass is Bob’s.' })
  for (const path of [
    '/memory',
    '/memory?q=heliotrope',
    '/api/v1/memories',
    '/api/v1/memories?q=heliotrope+windlass'
  ]) {
    t.notMatch((await bob.open(path)).body, 'The heliotrope windlass', path)
  }
  await bob.submit('/memory/forget')
  t.match((await ann.open('/memory?q=heliotrope')).body, 'The heliotrope windlass is mine.')
})

t.test('what a person sets for answers is kept beside whatever else their context holds', async (t) => {
  const { visitor } = await startApp(t)
  const ann = visitor()
  const context = { answer_length: 'long', language: 7, theme: 'dark' }
  const newcomer = {
    firstName: 'Ann',
    lastName: 'Arbor',
    email: 'ann@example.com',
    password: 'four unrelated words',
    context
  }
  await ann.api('POST', '/api/auth/signup', newcomer)
  const page = (await ann.open('/settings/memory')).body
  t.match(page, /name="answer_length" value="long"[^>]* checked/)
  t.match(page, /name="memory" value="on"[^>]* checked/)

  const set = { memory: 'off', answer_length: 'short', language: 'Welsh', about_me: 'A tenant.' }
  t.match(await ann.submit('/settings/memory', set), { statusCode: 303, headers: { location: '/settings/memory' } })
  const after = (await ann.open('/settings/memory')).body
  t.match(
    after,
    /value="off"[^>]* checked[\s\S]*value="short"[^>]* checked[\s\S]*value="Welsh"[\s\S]*>A tenant\.<\/textarea>/
  )
  t.match((await ann.open('/api/v1/auth/me')).json().context, {
    theme: 'dark',
    answer_length: 'short',
    language: 'Welsh',
    about_me: 'A tenant.'
  })
  await ann.submit('/settings/memory', { memory: 'on' })
  t.same((await ann.open('/api/v1/auth/me')).json().context, { theme: 'dark' })
  t.match(await ann.submit('/settings/memory', { memory: 'maybe' }), { statusCode: 422, body: /Choose on or off\./ })
  t.match(await ann.submit('/settings/memory', { memory: 'on', language: 'x'.repeat(51) }), {
    statusCode: 422,
    body: /Name a language/
  })
})

t.test('while memory is off nothing is added, and what is there can still be seen and forgotten', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const { id } = (await ann.api('POST', '/api/v1/memories', { text: 'I live in Rome.' })).json()
  await ann.submit('/settings/memory', { memory: 'off' })
  const page = (await ann.open('/memory')).body
  t.match(page, /Memory is switched off: nothing new is kept[\s\S]*I live in Rome\./)
  t.notMatch(page, 'Remember it')
  t.match((await ann.api('POST', '/api/v1/memories', { text: 'I own a boat.' })).json(), {
    statusCode: 409,
    code: 'MEMORY_OFF'
  })
  t.match(await ann.submit('/memory', { text: 'I own a boat.' }), { statusCode: 409, body: /Memory is switched off/ })
  t.equal((await ann.api('DELETE', `/api/v1/memories/${id}`)).statusCode, 204)
  await ann.submit('/settings/memory', { memory: 'on' })
  t.equal((await ann.api('POST', '/api/v1/memories', { text: 'I own a boat.' })).statusCode, 201)
})
