import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { Browser, seen } from '../support/browser.ts'
import { type Carrel, password, settingsFor, startApp } from '../support/carrel.ts'
import { type Heard, refusesWith, says, startModelServer } from '../support/model-server.ts'

const lease = `# Repairs

The Landlord shall keep in repair the installations for space heating and heating water.

# Rent

The rent is due on the third working day of each month.`
const nowhere = '01900000-0000-7000-8000-000000000000'

async function flatOf(carrel: Carrel) {
  const [ann, bob] = [await carrel.person('Ann'), await carrel.person('Bob')]
  const flat = await ann.makesWorkspace('Flat')
  await bob.accepts(await ann.invites(flat, 'viewer'))
  const document = await ann.puts(flat, 'Lease', lease)
  return { ann, bob, flat, document }
}

t.test('a question is answered with quotes that lead to their place', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat, document } = await flatOf(carrel)
  const asked = await ann.submit(`/workspaces/${flat}/chats`, { question: 'Who has to repair the heating?' })
  t.equal(asked.statusCode, 303)
  const chat = asked.headers.location as string
  t.match(chat, new RegExp(`^/workspaces/${flat}/chats/[0-9a-f-]{36}$`))
  await carrel.app.answering.idle()

  const page = (await ann.open(chat)).body
  t.match(page, '<h1>Who has to repair the heating?</h1>')
  t.match(page, 'From your documents:')
  t.match(page, 'The Landlord shall keep in repair the installations for space heating and heating water.')
  t.match(page, `href="/workspaces/${flat}/documents/${document}?from=1#passage-1"`)
  t.match(page, 'Why this answer')
  t.match((await ann.open(`/workspaces/${flat}`)).body, 'Who has to repair the heating?')
})

t.test('what the documents do not answer is said to be so', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  const answer = await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content: 'How tall is Mount Everest?' })
  t.match(answer.json(), { answer: { status: 'nothing-found' } })
})

t.test('the JSON twin answers when the answer is complete, with its citations', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat, document } = await flatOf(carrel)
  const made = await ann.api('POST', '/api/v1/chats', { workspace_id: flat, title: 'Rent' })
  t.match(made, { statusCode: 201 })
  t.match(made.json(), { id: String, title: 'Rent', workspace_id: flat })
  const { id } = made.json()
  const asked = await ann.api('POST', `/api/v1/chats/${id}/messages`, { content: 'When is the rent due?' })
  t.equal(asked.statusCode, 201)
  const { question, answer } = asked.json()
  t.match(question, { id: String, content: 'When is the rent due?' })
  t.match(answer, { id: String, status: 'done', content: /third working day of each month.*\[1\]/s, memories: [] })
  t.match(answer.citations, [
    { n: 1, document_id: document, passage_id: String, title: 'Lease', quote: /third working day/ }
  ])

  t.match((await ann.open(`/api/v1/chats/${id}/messages`)).json().items, [{ question: { id: question.id } }])
  t.match((await ann.open(`/api/v1/chats?workspace_id=${flat}`)).json().items, [{ id }])
  t.match((await ann.api('PATCH', `/api/v1/chats/${id}`, { title: 'Money' })).json(), { title: 'Money' })
  t.match((await ann.open('/api/v1/chats')).json().items, [{ id, title: 'Money' }])
  t.equal((await ann.api('DELETE', `/api/v1/chats/${id}`)).statusCode, 204)
  t.equal((await ann.open(`/api/v1/chats/${id}`)).statusCode, 404)
  t.same(await carrel.app.db.selectFrom('messages').select('id').execute(), [])
})

t.test('a question may lean on the one before', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  await ann.puts(flat, 'Dogs', 'Dogs need the consent of the landlord before they move in.')
  await ann.puts(flat, 'Cats', 'Cats are welcome without asking, and need no consent.')
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content: 'Do dogs need consent?' })
  const next = await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content: 'What about cats?' })
  t.match(next.json().answer.content, 'Cats are welcome without asking')
})

t.test('a chat is private to whoever asked, also within a workspace', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, flat } = await flatOf(carrel)
  const asked = await ann.submit(`/workspaces/${flat}/chats`, { question: 'Who repairs the heating?' })
  const chat = asked.headers.location as string
  const id = chat.split('/').at(-1) as string
  await carrel.app.answering.idle()

  for (const path of [chat, `${chat}/settings`, `/api/v1/chats/${id}`, `/api/v1/chats/${id}/messages`]) {
    t.same(seen(await bob.open(path)), seen(await bob.open(path.replace(id, nowhere))), path)
    t.equal((await bob.open(path)).statusCode, 404)
  }
  t.equal((await bob.submit(`${chat}/messages`, { question: 'And now?' })).statusCode, 404)
  t.equal((await bob.submit(`${chat}/delete`)).statusCode, 404)
  t.equal((await bob.api('POST', `/api/v1/chats/${id}/messages`, { content: 'And now?' })).statusCode, 404)
  t.match((await ann.open('/')).body, /Recent chats.*Who repairs the heating\?/s)
  for (const path of [`/workspaces/${flat}`, '/']) {
    t.notMatch((await bob.open(path)).body, 'Who repairs the heating?')
  }
  t.same((await bob.open('/api/v1/chats')).json().items, [])

  const bobs = await bob.submit(`/workspaces/${flat}/chats`, { question: 'When is the rent due?' })
  await carrel.app.answering.idle()
  t.match((await bob.open(bobs.headers.location as string)).body, 'third working day')
  await ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${(await bob.me()).id}`)
  t.equal((await bob.open(bobs.headers.location as string)).statusCode, 404, 'who is out reads no quotes either')
  t.same((await bob.open('/api/v1/chats')).json().items, [])
})

t.test('an answer loses what it quoted of a document that is deleted', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const canary = 'heliotrope windlass'
  const document = await ann.puts(flat, 'Canary', `The key to the cellar is called ${canary}.`)
  const chat = (await ann.submit(`/workspaces/${flat}/chats`, { question: 'What is the key to the cellar called?' }))
    .headers.location as string
  await carrel.app.answering.idle()
  t.match((await ann.open(chat)).body, canary)
  await ann.api('DELETE', `/api/v1/documents/${document}`)
  const page = await ann.open(chat)
  t.equal(page.statusCode, 200)
  t.notMatch(page.body, canary)

  const { dataDir } = carrel.app.config
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const holding = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(canary))
  t.same(holding, [])
})

t.test('nothing in a document becomes more than text on the page', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const evil =
    'The wombat burrow is <script>alert(1)</script> ![x](http://evil.example/x.png) [here](javascript:alert(1)).'
  await ann.puts(flat, 'Evil', evil)
  const chat = (await ann.submit(`/workspaces/${flat}/chats`, { question: 'What is the wombat burrow?' })).headers
    .location as string
  await carrel.app.answering.idle()
  const page = (await ann.open(chat)).body
  t.match(page, 'wombat burrow')
  t.notMatch(page, /<script>alert|<img|href="javascript:/)
})

t.test('an answer that a crash cut off says so at the next start, and can be asked for again', async (t) => {
  const settings = await settingsFor(t)
  const first = await buildApp(readConfig(settings))
  const ann = new Browser(first)
  const newcomer = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }
  await ann.submit('/register', newcomer)
  const flat = await ann.makesWorkspace('Flat')
  await ann.puts(flat, 'Lease', lease)
  const chat = (await ann.submit(`/workspaces/${flat}/chats`, { question: 'When is the rent due?' })).headers.location
  await first.answering.idle()
  const long = { state: 'writing' as const, held_until: '2020-01-01T00:00:00.000Z' }
  await first.db.updateTable('messages').set(long).where('role', '=', 'answer').execute()
  await first.db.deleteFrom('answer_parts').execute()
  await first.close()

  const second = await buildApp(readConfig(settings))
  t.teardown(() => second.close())
  await second.ready()
  const again = new Browser(second)
  await again.submit('/login', { email: newcomer.email, password })
  t.match((await again.open(chat as string)).body, /Carrel was stopped while it wrote this\..*Ask again/s)
  await again.submit(`${chat}/messages`, { question: 'When is the rent due?' })
  await second.answering.idle()
  t.match((await again.open(chat as string)).body, 'third working day')
})

t.test('where a model is named it writes the answer, from the passages that were found', async (t) => {
  const model = await startModelServer(t, says('The landlord ', 'repairs the heating [1].'))
  const carrel = await startApp(t, { MODEL_URL: model.url, MODEL_NAME: 'small' })
  const { ann, flat, document } = await flatOf(carrel)
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  const asked = await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content: 'Who repairs the heating?' })
  t.match(asked.json().answer, {
    status: 'done',
    content: 'The landlord repairs the heating [1].',
    citations: [{ n: 1, document_id: document }]
  })
  const [{ body }] = model.heard as [Heard]
  t.equal(body.model, 'small')
  t.match(JSON.stringify(body.messages), 'installations for space heating')
  const page = (await ann.open(`/workspaces/${flat}/chats/${chat}`)).body
  t.match(page, /The landlord repairs the heating <a class="cite" href="\/workspaces\/[^"]+#passage-1"/)
})

t.test('a model that fails says so in the chat, and the question can be asked again', async (t) => {
  const model = await startModelServer(t, refusesWith(401), says('Now it works [1].'))
  const carrel = await startApp(t, { MODEL_URL: model.url, MODEL_KEY: 'hidden key' })
  const { ann, flat } = await flatOf(carrel)
  const chat = (await ann.submit(`/workspaces/${flat}/chats`, { question: 'Who repairs the heating?' })).headers
    .location as string
  await carrel.app.answering.idle()
  const page = (await ann.open(chat)).body
  t.match(page, /<div class="refused">\s*<p>[^<]+<\/p>/)
  t.match(page, 'Ask again')
  t.notMatch(page, 'hidden key')
  await ann.submit(`${chat}/messages`, { question: 'Who repairs the heating?' })
  await carrel.app.answering.idle()
  t.match((await ann.open(chat)).body, 'Now it works')
})

t.test('an empty question comes back, and a long one is no trouble', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  t.match(await ann.submit(`/workspaces/${flat}/chats`, { question: '   ' }), {
    statusCode: 422,
    body: /Ask something/
  })
  const long = 'Who repairs the heating? '.repeat(390)
  const asked = await ann.submit(`/workspaces/${flat}/chats`, { question: long })
  t.equal(asked.statusCode, 303)
  await carrel.app.answering.idle()
  t.equal((await ann.open(asked.headers.location as string)).statusCode, 200)
  const more = await ann.submit(`${asked.headers.location}/messages`, { question: '' })
  t.match(more, { statusCode: 422, body: /Ask something/ })
})
