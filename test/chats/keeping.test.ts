import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { speaksOf } from '../../src/chats/seeking.ts'
import { type Carrel, startApp } from '../support/carrel.ts'
import { says, startModelServer } from '../support/model-server.ts'

async function flatOf(carrel: Carrel) {
  const [ann, bob] = [await carrel.person('Ann'), await carrel.person('Bob')]
  const flat = await ann.makesWorkspace('Flat')
  await bob.accepts(await ann.invites(flat, 'viewer'))
  return { ann, bob, flat }
}

function filesHolding({ app }: Carrel, text: string): string[] {
  const files = readdirSync(app.config.dataDir, { recursive: true, withFileTypes: true })
  const paths = files.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  return paths.filter((path) => readFileSync(path).includes(text))
}

t.test('no name of a deleted document stays in an answer that did not even quote it', async (t) => {
  const model = await startModelServer(t, says('NOTHING_FOUND'))
  for (const MODEL_URL of ['', model.url]) {
    const carrel = await startApp(t, { MODEL_URL })
    const { ann, flat } = await flatOf(carrel)
    const text = '# Heliotrope heading\n\nThe cellar key hangs behind the windlass door.'
    const document = await ann.puts(flat, 'Gantry title', text)
    const pages: string[] = []
    for (const question of ['Is the moon over the cellar made of cheese?', 'Where does the cellar key hang?']) {
      const asked = await ann.submit(`/workspaces/${flat}/chats`, { question })
      await carrel.app.answering.idle()
      pages.push((await ann.open(asked.headers.location as string)).body)
    }
    t.match(pages[0], /The nearest passages:[\s\S]*Gantry title, Heliotrope heading/, 'it named where to look')
    t.match(pages[1], 'Why this answer')
    await ann.api('DELETE', `/api/v1/documents/${document}`)
    for (const word of ['Heliotrope', 'Gantry', 'windlass']) t.same(filesHolding(carrel, word), [], word)
  }
})

t.test('a question can be narrowed to tags, and the chat keeps to them', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, flat } = await flatOf(carrel)
  await ann.puts(flat, 'Old lease', 'The rent was 700 euros a month.', ['old'])
  await ann.puts(flat, 'New lease', 'The rent is 900 euros a month.', ['New papers'])
  const question = 'How much is the rent a month?'
  const asked = await ann.submit(`/workspaces/${flat}/chats`, { question, tags: 'new papers' })
  await carrel.app.answering.idle()
  const page = (await ann.open(asked.headers.location as string)).body
  t.match(page, '900 euros')
  t.notMatch(page, '700 euros')
  t.match(page, 'Only documents tagged “New papers”')
  t.match(page, /name="tags"[^>]+value="New papers"/, 'the next question begins with them')

  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  const ask = (content: string, tags: string[]) => ann.api('POST', `/api/v1/chats/${chat}/messages`, { content, tags })
  const old = (await ask(question, ['old'])).json()
  t.match(old, { question: { tags: ['old'] }, answer: { content: /700/ } })
  t.notMatch(old.answer.content, '900')
  t.match((await ask(question, ['old', 'new papers'])).json().answer.content, /(?=.*700)(?=.*900)/s)

  t.match((await ask(question, ['old', 'OLD'])).json(), { question: { tags: ['old'] } }, 'a tag named twice is one')
  t.match(await ask(question, ['unknown']), { statusCode: 400, body: /You have no tag called “unknown”/ })
  const refused = await ann.submit(`/workspaces/${flat}/chats`, { question, tags: 'unknown' })
  t.match(refused, { statusCode: 422, body: /You have no tag called “unknown”/ })
  t.match(refused.body, question, 'and loses nothing that was typed')
  const bobs = await bob.submit(`/workspaces/${flat}/chats`, { question, tags: 'old' })
  t.equal(bobs.statusCode, 422, "another person's tag is none of his")
})

t.test('a long chat is read from its end, page by page', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  for (let n = 1; n <= 23; n += 1)
    await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content: `Question ${n}?` })
  const page = (await ann.open(`/workspaces/${flat}/chats/${chat}`)).body
  t.match(page, /Question 4\?.*Question 23\?/s)
  t.notMatch(page, 'Question 3?')
  const [, earlier = ''] = /href="(\?before=[^"]+)"/.exec(page) ?? []
  const before = (await ann.open(`/workspaces/${flat}/chats/${chat}${earlier}`)).body
  t.match(before, /Question 1\?.*Question 3\?/s)
  t.notMatch(before, /Question 4\?|<textarea/)

  const first = (await ann.open(`/api/v1/chats/${chat}/messages?limit=20`)).json()
  t.match(first.items[0], { question: { content: 'Question 23?' } }, 'newest first')
  const second = (await ann.open(`/api/v1/chats/${chat}/messages?limit=20&cursor=${first.next_cursor}`)).json()
  t.equal(second.items.length, 3)
  t.equal(second.next_cursor, null)
})

t.test('chats are found by the words of their title, their questions and their answers', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, flat } = await flatOf(carrel)
  await ann.puts(flat, 'Lease', 'The Straße is loud. The rent is due on the third working day of each month.')
  const start = async (title: string, content: string) => {
    const { id } = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat, title })).json()
    await ann.api('POST', `/api/v1/chats/${id}/messages`, { content })
    return id
  }
  const rent = await start('Money', 'When is the rent due?')
  const boiler = await start('Ärger', '100% of the boiler?')
  const found = async (who: typeof ann, q: string) =>
    (await who.open(`/api/v1/chats?q=${encodeURIComponent(q)}`)).json().items.map(({ id }: { id: string }) => id)
  t.same(await found(ann, 'money'), [rent], 'title')
  t.same(await found(ann, 'RENT when'), [rent], 'question')
  t.same(await found(ann, 'third working'), [rent], 'answer')
  t.same(await found(ann, 'ärger'), [boiler], 'letters of other languages')
  t.same(await found(ann, '0% boiler'), [boiler])
  t.same(await found(ann, '%_%'), [], 'nothing is a wildcard')
  t.same(await found(ann, ''), [boiler, rent])
  t.same(await found(ann, '\0rent\0when'), [rent], 'what no text holds')
  const wide = `${'a'.repeat(59)}😀😀`
  const cut = await start(wide, 'What is wide?')
  t.same(await found(ann, wide), [cut], 'a word that is cut at its longest')
  t.same(await found(bob, 'rent'), [])

  const page = (await ann.open(`/workspaces/${flat}/chats?q=money`)).body
  t.match(page, rent)
  t.notMatch(page, boiler)
  t.match((await ann.open(`/workspaces/${flat}/chats?q=nothing+of+it`)).body, 'None of your chats')
  t.notMatch((await bob.open(`/workspaces/${flat}/chats`)).body, 'Money')
})

t.test('nobody else has to be read through to find a chat', async (t) => {
  const { app, person } = await startApp(t)
  await person('Ann')
  const plan = await app.db.selectFrom('chats').select('id').where(speaksOf('rent heating', app.db)).explain()
  t.notMatch(JSON.stringify(plan), /hashed SubPlan|SCAN (?:messages|answer_parts)/)
})

t.test('a chat is saved as Markdown, oldest first, with its sources', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  await ann.puts(flat, 'The *Lease*', '# Rent\n\nThe rent is due on the third working day of each month.')
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat, title: 'Money & more' })).json().id
  for (const content of ['When is the rent due?', 'Who is\n# not a heading?']) {
    await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content })
  }
  const saved = await ann.open(`/workspaces/${flat}/chats/${chat}/export`)
  t.match(saved.headers, { 'content-type': /^text\/markdown/, 'content-disposition': /^attachment; filename="chat-/ })
  t.match(saved.body, /^# Money & more\n\n## When is the rent due\?\n\nFrom your documents:/)
  t.match(saved.body, '- \\[1\\] The \\*Lease\\*, Rent: “The rent is due on the third working day of each month.”')
  t.match(saved.body, /\n## Who is # not a heading\?\n/)
  const told = await ann.open(`/api/v1/chats/${chat}/export`)
  t.same(
    [told.body, told.headers['content-type']],
    [saved.body, saved.headers['content-type']],
    'a program gets the same'
  )
})

t.test('what a model wrote is saved without anything live in it', async (t) => {
  const live = 'See <img src="x"> ![a](https://example.com/a.png), `<b>`, and\n\n```html\n<i>code</i>'
  const model = await startModelServer(t, says(live), says('The next one.'))
  const carrel = await startApp(t, { MODEL_URL: model.url })
  const { ann, flat } = await flatOf(carrel)
  await ann.puts(flat, 'Lease', 'The rent is due on the third working day of each month.')
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat, title: 'Money' })).json().id
  for (const content of ['When is the rent due?', 'And then?']) {
    await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content })
  }
  const { body } = await ann.open(`/workspaces/${flat}/chats/${chat}/export`)
  t.match(body, 'See \\<img src="x"> !\\[a](https://example.com/a.png), `<b>`, and')
  t.match(body, /```html\n<i>code<\/i>\n[^`]*```\n\n## And then\?/, 'code is closed before the next question')
})

t.test('an answer says which passages it had to choose from', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const document = await ann.puts(flat, 'Lease', 'The rent is due on the third working day of each month.')
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  const url = `/api/v1/chats/${chat}/messages`
  const { answer } = (await ann.api('POST', url, { content: 'When is the rent due?' })).json()
  t.match((await ann.open(`${url}/${answer.id}`)).json(), {
    answer: { id: answer.id },
    why: {
      candidates: [{ n: 1, document_id: document, title: 'Lease', lexical: 1, read: true, cited: true }],
      searchMs: Number,
      answerMs: Number
    }
  })
  await ann.api('DELETE', `/api/v1/documents/${document}`)
  t.same((await ann.open(`${url}/${answer.id}`)).json().why.candidates, [])
})
