import t from 'tap'
import { relevantTo } from '../../src/memory/relevance.ts'
import { unit } from '../../src/search/embedder.ts'
import type { Browser } from '../support/browser.ts'
import { type Carrel, startApp } from '../support/carrel.ts'

const lease = `# Repairs

The Landlord shall keep in repair the installations for space heating and heating water.

# Rent

The rent is due on the third working day of each month.`

async function flatOf(carrel: Carrel) {
  const ann = await carrel.person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  await ann.puts(flat, 'Lease', lease)
  return { ann, flat, ask: askingIn(ann, flat) }
}

/** Asks, each time in a new chat unless one is named, and answers what was answered and where. */
function askingIn(browser: Browser, workspace_id: string) {
  return async (content: string, chat?: string) => {
    const id = chat ?? (await browser.api('POST', '/api/v1/chats', { workspace_id })).json().id
    const { question, answer } = (await browser.api('POST', `/api/v1/chats/${id}/messages`, { content })).json()
    return { chat: id as string, question, answer }
  }
}

const memories = async (browser: Browser) => (await browser.open('/api/v1/memories')).json().items

t.test('after an answer the exchange is kept, with what came of it and where it was', async (t) => {
  const { ann, flat, ask } = await flatOf(await startApp(t))
  const { chat, question } = await ask('When is the rent due?')
  t.match(await memories(ann), [
    {
      kind: 'exchange',
      text: 'When is the rent due?',
      gist: 'The rent is due on the third working day of each month.',
      workspace_id: flat,
      chat_id: chat,
      message_id: question.id
    }
  ])
  const page = (await ann.open('/memory')).body
  const link = `/workspaces/${flat}/chats/${chat}?at=${question.id}#m-${question.id}`
  t.match(page, `href="${link}"`)
  t.match(page, /“When is the rent due\?”[\s\S]*third working day/)
  t.match((await ann.open(`/workspaces/${flat}/chats/${chat}`)).body, `id="m-${question.id}"`)
  t.match((await ann.open('/memory?q=third+working+day')).body, 'When is the rent due?')
})

t.test(
  'what a person says of themselves is kept with the question it stood in, also where nothing was found',
  async (t) => {
    const { ann, flat, ask } = await flatOf(await startApp(t))
    const { question, answer } = await ask(
      'I rent a flat in Elm Street. Please keep it short. Who repairs the heating?'
    )
    t.match(answer, { status: 'done', content: /installations for space heating/ }, 'it stands in the way of no answer')
    t.match(await memories(ann), [
      { kind: 'preference', text: 'Please keep it short.', message_id: question.id, workspace_id: flat },
      { kind: 'fact', text: 'I rent a flat in Elm Street.', message_id: question.id },
      { kind: 'exchange', text: 'Who repairs the heating?' }
    ])
    t.match((await ask('I own a boat. How tall is Mount Everest?')).answer, { status: 'nothing-found' })
    const [newest, ...others] = await memories(ann)
    t.match(newest, { kind: 'fact', text: 'I own a boat.' })
    t.equal(others.length, 3, 'an exchange without an answer is not worth keeping')
  }
)

t.test('an answer tells what it used of it, with a way to forget that beside it', async (t) => {
  const { ann, flat, ask } = await flatOf(await startApp(t))
  await ask('I rent the flat of Mr Baker. Who repairs the heating?')
  const next = await ask('When is my rent due for the flat?')
  const [used] = next.answer.memories
  t.match(next.answer.memories, [{ id: String, text: 'I rent the flat of Mr Baker.' }])
  t.match((await ann.open(`/api/v1/chats/${next.chat}/messages`)).json().items, [{ answer: { memories: [used] } }])

  const path = `/workspaces/${flat}/chats/${next.chat}`
  const page = (await ann.open(path)).body
  t.match(page, /Remembered:[\s\S]*I rent the flat of Mr Baker\./)
  const [, action = '', back = ''] =
    /action="(\/memory\/[^"]+\/forget)"><input type="hidden" name="next" value="([^"]+)"/.exec(page) ?? []
  t.equal(action, `/memory/${used.id}/forget`)
  t.match(await ann.submit(action, { next: back }), {
    statusCode: 303,
    headers: { location: `${path}#m-${next.question.id}` }
  })
  t.notMatch((await ann.open(path)).body, 'Mr Baker')
  t.notMatch((await ann.open(path)).body, 'Remembered:')
  t.same(
    (await ask('When is my rent due for the flat, again?')).answer.memories.filter(
      (one: { id: string }) => one.id === used.id
    ),
    []
  )
})

t.test('what has nothing to do with a question is not recalled', async (t) => {
  const { ask } = await flatOf(await startApp(t))
  await ask('I own a boat. My sister plays the harp. When is the rent due?')
  t.same((await ask('Who repairs my heating?')).answer.memories, [])
})

t.test('a remembered wish shortens answers, and what is set on the page comes first', async (t) => {
  const { ann, flat, ask } = await flatOf(await startApp(t))
  const sentence = (n: number) =>
    `Bicycle rule number ${n} says that bicycle riders of floor ${n} park behind gate ${n} at night.`
  await ann.puts(flat, 'Rules', Array.from({ length: 14 }, (_, n) => sentence(n + 1)).join(' '))
  const question = 'Where do bicycle riders park at night by the bicycle rules?'
  const words = async () => (await ask(question)).answer.content.split(/\s+/).length as number

  const usual = await words()
  const { id } = (await ann.api('POST', '/api/v1/memories', { text: 'Keep your answers short.' })).json()
  const short = await ask(question)
  t.ok(short.answer.content.split(/\s+/).length < usual)
  t.match(short.answer.memories.at(0), { id, text: 'Keep your answers short.' })

  await ann.submit('/settings/memory', { memory: 'on', answer_length: 'long' })
  const long = await ask(question)
  t.ok(long.answer.content.split(/\s+/).length >= usual)
  t.notOk(long.answer.memories.some((memory: { id: string }) => memory.id === id))
  await ann.submit('/settings/memory', { memory: 'off', answer_length: 'short' })
  t.ok((await words()) < usual, 'also while memory is off')
})

t.test('an exchange is recalled where it was had, and what a person said everywhere', async (t) => {
  const { ann, ask } = await flatOf(await startApp(t))
  await ask('My boiler is a Vaillant. Who repairs the heating?')
  const house = await ann.makesWorkspace('House')
  await ann.puts(house, 'Heating', 'The heating of the house is repaired by the Vaillant boiler service.')
  const texts = async (asking: typeof ask) =>
    (await asking('Who repairs my boiler and my heating?')).answer.memories.map(({ text }: { text: string }) => text)
  t.match(await texts(ask), [/Who repairs the heating\? — The Landlord/, 'My boiler is a Vaillant.'].reverse())
  t.match(await texts(askingIn(ann, house)), ['My boiler is a Vaillant.'])
})

t.test('the same question asked again is one memory, with its latest answer', async (t) => {
  const { ann, ask } = await flatOf(await startApp(t))
  const first = await ask('When is the rent due?')
  const again = await ask('when is the rent due')
  t.match(await memories(ann), [{ kind: 'exchange', chat_id: again.chat }])
  t.equal((await memories(ann)).length, 1)
  await ann.api('DELETE', `/api/v1/chats/${first.chat}`)
  t.equal((await memories(ann)).length, 1, 'it is from the later chat now')
})

t.test('a chat that is deleted takes its exchanges with it; what a person said stays without a link', async (t) => {
  const { ann, flat, ask } = await flatOf(await startApp(t))
  const { chat } = await ask('I own a boat. When is the rent due?')
  t.equal((await memories(ann)).length, 2)
  t.equal((await ann.submit(`/workspaces/${flat}/chats/${chat}/delete`)).statusCode, 303)
  t.match(await memories(ann), [{ kind: 'fact', text: 'I own a boat.', chat_id: null, message_id: null }])
  t.equal((await memories(ann)).length, 1)
  t.same((await ann.open('/api/v1/memories?q=rent')).json().items, [])
})

t.test('while memory is off nothing is kept and nothing is recalled', async (t) => {
  const { ann, ask } = await flatOf(await startApp(t))
  await ask('I rent the flat of Mr Baker. Keep it short.')
  const before = await memories(ann)
  await ann.submit('/settings/memory', { memory: 'off' })
  t.same((await ask('I own a boat. When is my rent due for the flat?')).answer.memories, [])
  t.same(await memories(ann), before)
  await ann.submit('/settings/memory', { memory: 'on' })
  const { answer } = await ask('When is my rent due for the flat?')
  t.match(answer.memories, [{ text: 'Keep it short.' }, { text: 'I rent the flat of Mr Baker.' }])
})

/** Knows two meanings, and what it was asked. */
function smallEmbedder(id: string) {
  const asked: string[] = []
  const meanings = [/cat|kitten|pet/i, /rent|money|pay/i, /./]
  const embed = async (texts: string[]) => {
    asked.push(...texts)
    return texts.map((text) =>
      unit(Float32Array.from(meanings, (one, at) => (one.test(text) ? (at < 2 ? 1 : 0.3) : 0)))
    )
  }
  return { asked, embedder: { id, dimensions: meanings.length, embed, close: async () => {} } }
}

t.test('with an embedder a memory is recalled by what it means, and a question gets its vector once', async (t) => {
  const { embedder, asked } = smallEmbedder('one')
  const carrel = await startApp(t, {}, { embedder })
  const { ann, flat, ask } = await flatOf(carrel)
  await ann.puts(flat, 'House rules', 'Pets are welcome in the house as long as the pets of my tenants are quiet.')
  await ann.api('POST', '/api/v1/memories', { text: 'We own two cats.' })
  await ann.api('POST', '/api/v1/memories', { text: 'My sister plays the harp.' })
  await carrel.app.memory.idle()
  t.ok(asked.includes('We own two cats.'))
  asked.length = 0
  await ask('Are my pets welcome in the house?')
  t.equal(asked.filter((text) => text === 'Are my pets welcome in the house?').length, 1)
  await carrel.app.memory.idle()
  const found = (await ann.open('/api/v1/memories?q=kitten')).json().items
  const cats = found.find(({ text }: { text: string }) => text === 'We own two cats.')
  t.ok(cats, 'there is no such word in it')

  asked.length = 0
  await ann.api('PATCH', `/api/v1/memories/${cats.id}`, { text: 'We own a parrot.' })
  await carrel.app.memory.idle()
  t.ok(asked.includes('We own a parrot.'), 'what is changed means something else')
})

t.test('memories from before there was this embedder get their vectors with the next question', async (t) => {
  const carrel = await startApp(t, {}, { embedder: smallEmbedder('after').embedder })
  const { ann, ask } = await flatOf(carrel)
  await ann.api('POST', '/api/v1/memories', { text: 'We own two cats.' })
  await carrel.app.memory.idle()
  await carrel.app.db.updateTable('memory_vectors').set({ embedder: 'before' }).execute()
  const { index_name } = await carrel.app.db.selectFrom('notebooks').selectAll().executeTakeFirstOrThrow()
  await carrel.app.searching.dropIndex(index_name)
  await ask('When is the rent due?')
  await carrel.app.memory.idle()
  t.match((await ann.open('/api/v1/memories?q=kitten')).json().items[0], { text: 'We own two cats.' })
  const kept = await carrel.app.db.selectFrom('memory_vectors').select('embedder').execute()
  t.ok(kept.every(({ embedder }) => embedder === 'after'))
})

t.test('an embedder that fails takes neither answers nor memories with it', async (t) => {
  const { embedder } = smallEmbedder('one')
  const broken = { ...embedder, embed: () => Promise.reject(new Error('the model is gone')) }
  const { ann, ask } = await flatOf(await startApp(t, {}, { embedder: broken }))
  t.match((await ask('I rent the flat of Mr Baker. When is the rent due?')).answer, { status: 'done' })
  t.match((await ask('When is my rent due for the flat?')).answer, {
    status: 'done',
    memories: [{ text: 'I rent the flat of Mr Baker.' }]
  })
  t.match((await ann.open('/api/v1/memories?q=baker')).json().items, [{ text: 'I rent the flat of Mr Baker.' }])
})

t.test('what a question begins with is remembered, however long it goes on', async (t) => {
  const said = 'My old red bicycle stands behind the wooden shed near the walnut tree beside the garden gate.'
  const further = Array.from({ length: 600 }, (_, n) => `word${n}`).join(' ')
  const memory = { text: said, gist: null, nearness: undefined }
  t.ok(relevantTo(`Is it so that ${said.toLowerCase()} ${further}?`, 0.34)(memory))
  t.notOk(relevantTo(`Is it so that ${further}?`, 0.34)(memory))
})
