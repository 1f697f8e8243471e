import t, { type Test } from 'tap'
import { type Carrel, startApp } from '../support/carrel.ts'
import { dictated, fallsSilentAfter, says, startModelServer } from '../support/model-server.ts'

const events = 'text/event-stream'
const lease = 'The Landlord shall keep in repair the installations for heating.'

/** Ann and Bob in a flat with a lease, before a model that speaks when it is told to. */
async function twoAsking(t: Test) {
  const [first, second] = [dictated(), dictated()]
  const model = await startModelServer(t, first.script, second.script, says('And now this [1].'))
  const carrel = await startApp(t, { MODEL_URL: model.url, MODEL_NAME: 'small' })
  const [ann, bob] = [await carrel.person('Ann'), await carrel.person('Bob')]
  const flat = await ann.makesWorkspace('Flat')
  await bob.accepts(await ann.invites(flat, 'viewer'))
  const document = await ann.puts(flat, 'Lease', lease)
  return { carrel, ann, bob, flat, document, first, second }
}

async function chatOf(ann: Awaited<ReturnType<Carrel['person']>>, flat: string) {
  return (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
}

const heard = (text: string) =>
  [...text.matchAll(/event: (\w+)\ndata: (.+)\n\n/g)].map(([, event, data]) => ({
    event,
    ...JSON.parse(data as string)
  }))

t.test('the page of a chat stays open and grows, and what follows the answer comes when it is done', async (t) => {
  const { carrel, ann, flat, document, first } = await twoAsking(t)
  const chat = (await ann.submit(`/workspaces/${flat}/chats`, { question: 'Who repairs the heating?' })).headers
    .location as string
  const page = await ann.listen('GET', chat)
  t.equal(page.statusCode, 200)
  t.match(page.headers, {
    'content-type': /^text\/html/,
    'cache-control': 'no-store',
    'content-security-policy': /none/
  })
  await page.until('An answer is being written')
  await first.say('The landlord does, as')
  await page.until('<p>The landlord does,')
  t.notMatch(page.text(), '</html>')
  await first.say(' “keep in repair” [1] says. More is')
  await page.until('as “keep in repair” <a class="cite" href="')
  await first.say(' not known.')
  await first.end()
  const whole = await page.rest()
  t.match(whole, /More is not known\.<\/p>\s*<\/div>/)
  t.match(whole, new RegExp(`<aside class="sources".*documents/${document}.*</html>`, 's'))
  t.notMatch(whole, /[0-9a-f]{32}-/, 'no gap is left')

  await carrel.app.answering.idle()
  const later = (await ann.open(chat)).body
  t.match(later, /The landlord does, as “keep in repair” <a/)
  t.notMatch(later, 'An answer is being written')
})

t.test('whoever comes later sees what was written so far, and both see the end', async (t) => {
  const { ann, flat, first } = await twoAsking(t)
  const chat = (await ann.submit(`/workspaces/${flat}/chats`, { question: 'Who repairs the heating?' })).headers
    .location as string
  const one = await ann.listen('GET', chat)
  await first.say('First words. And')
  await one.until('First words.')
  const two = await ann.listen('GET', chat)
  await two.until('First words.')
  one.leave()
  await first.say(' last words.')
  await first.end()
  t.match(await two.rest(), /First words\. And last words\.<\/p>.*<\/html>/s)
})

t.test('programs hear tokens, citations and the whole at the end', async (t) => {
  const { ann, flat, document, first } = await twoAsking(t)
  const chat = await chatOf(ann, flat)
  const content = { content: 'Who repairs the heating?' }
  const stream = await ann.listen('POST', `/api/v1/chats/${chat}/messages`, content, { accept: events })
  t.equal(stream.statusCode, 200)
  t.match(stream.headers['content-type'], /^text\/event-stream/)
  await first.say('The landlord ')
  await stream.until('The landlord')
  await first.say('does [1]. And more')
  await stream.until('event: citation')
  await first.end()
  const told = heard(await stream.rest())
  const text = told.filter(({ event }) => event === 'token').map(({ text }) => text)
  t.equal(text.join(''), 'The landlord does [1]. And more')
  t.match(
    told.filter(({ event }) => event === 'citation'),
    [{ n: 1, document_id: document, passage_id: String, title: 'Lease', quote: lease }]
  )
  t.match(told.at(-1), {
    event: 'done',
    question: content,
    answer: { status: 'done', content: 'The landlord does [1]. And more', citations: [{ n: 1 }] }
  })
  const again = await ann.listen('GET', `/api/v1/chats/${chat}/messages/${told.at(-1).answer.id}`, undefined, {
    accept: events
  })
  t.match(heard(await again.rest()), [{ event: 'token' }, { event: 'citation' }, { event: 'done' }])
})

t.test('the built-in answer streams, too, and an open page takes events for its article', async (t) => {
  const carrel = await startApp(t)
  const ann = await carrel.person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  await ann.puts(flat, 'Lease', lease)
  const chat = await chatOf(ann, flat)
  const question = new URLSearchParams({ question: 'Who keeps the heating in repair?' }).toString()
  const stream = await ann.listen('POST', `/workspaces/${flat}/chats/${chat}/messages`, question, {
    accept: events,
    'content-type': 'application/x-www-form-urlencoded'
  })
  const told = heard(await stream.rest())
  t.match(told[0], { event: 'exchange', html: /^[\s\S]*Who keeps the heating in repair\?/ })
  t.match(told.at(-1), { event: 'done', html: /From your documents:[\s\S]*class="sources"/ })
})

t.test('two streams at once never mix', async (t) => {
  const { ann, bob, flat, first, second } = await twoAsking(t)
  const content = { content: 'Who repairs the heating?' }
  const [anns, bobs] = [await chatOf(ann, flat), await chatOf(bob, flat)]
  const one = await ann.listen('POST', `/api/v1/chats/${anns}/messages`, content, { accept: events })
  await first.say('heliotrope ')
  await one.until('heliotrope')
  const two = await bob.listen('POST', `/api/v1/chats/${bobs}/messages`, content, { accept: events })
  await second.say('windlass ')
  await two.until('windlass')
  await first.end()
  await second.end()
  t.notMatch(await one.rest(), 'windlass')
  t.notMatch(await two.rest(), 'heliotrope')
})

t.test('a stream is gated like a page', async (t) => {
  const { ann, bob, flat, first } = await twoAsking(t)
  const content = { content: 'Who repairs the heating?' }
  const chat = await chatOf(ann, flat)
  const stream = await ann.listen('POST', `/api/v1/chats/${chat}/messages`, content, { accept: events })
  await first.say('Secret ')
  await stream.until('Secret')
  const { items } = (await ann.open(`/api/v1/chats/${chat}/messages`)).json()
  const answer = items[0].answer.id
  for (const url of [`/api/v1/chats/${chat}/messages/${answer}`, `/workspaces/${flat}/chats/${chat}`]) {
    const theirs = await bob.request('GET', url, undefined, { accept: events })
    t.equal(theirs.statusCode, 404)
    t.notMatch(theirs.body, 'Secret')
  }
  const bobs = await chatOf(bob, flat)
  const other = await bob.request('GET', `/api/v1/chats/${bobs}/messages/${answer}`, undefined, { accept: events })
  t.equal(other.statusCode, 404, 'nor through a chat of his own')
  t.equal((await bob.api('POST', `/api/v1/chats/${bobs}/messages/${answer}/stop`)).statusCode, 404)
  await first.end()
  await stream.rest()
})

t.test('who is signed out or put out in the middle reads no further', async (t) => {
  const { carrel, ann, bob, flat, first, second } = await twoAsking(t)
  const content = { content: 'Who repairs the heating?' }
  const stream = await bob.listen('POST', `/api/v1/chats/${await chatOf(bob, flat)}/messages`, content, {
    accept: events
  })
  await first.say('Before. ')
  await stream.until('Before.')
  await ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${(await bob.me()).id}`)
  await first.say('After. ')
  await first.end()
  t.notMatch(await stream.rest(), 'After')

  const chat = (await ann.submit(`/workspaces/${flat}/chats`, { question: 'Who repairs the heating?' })).headers
    .location as string
  const page = await ann.listen('GET', chat)
  await second.say('Before. And')
  await page.until('Before.')
  await carrel.app.db.deleteFrom('sessions').execute()
  await second.say('After. ')
  await second.end()
  const whole = await page.rest()
  t.notMatch(whole, 'After')
  t.match(whole, /can no longer be shown.*<\/html>/s)
})

t.test(
  'who waits for the whole answer is not told it either, once they were put out or their key was revoked',
  async (t) => {
    const { carrel, ann, bob, flat, first, second } = await twoAsking(t)
    const content = { content: 'Who repairs the heating?' }
    const asks = bob.request('POST', `/api/v1/chats/${await chatOf(bob, flat)}/messages`, content)
    await first.say('The landlord does. ')
    await ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${(await bob.me()).id}`)
    await first.end()
    const bobs = await asks
    t.equal(bobs.statusCode, 404)
    t.notMatch(bobs.body, 'landlord')

    const { id, key } = (await ann.api('POST', '/api/v1/api-keys', { name: 'A script', scopes: ['write'] })).json()
    const url = `/api/v1/chats/${await chatOf(ann, flat)}/messages`
    const headers = { 'x-api-key': key, 'idempotency-key': 'once' }
    const ask = () => carrel.app.inject({ method: 'POST', url, headers, payload: content })
    const program = ask()
    await second.say('The landlord does. ')
    const repeated = ask()
    await ann.api('DELETE', `/api/v1/api-keys/${id}`)
    await second.end()
    for (const answer of await Promise.all([program, repeated])) {
      t.equal(answer.statusCode, 401)
      t.notMatch(answer.body, 'landlord')
    }
    await carrel.app.answering.idle()
    const kept = (await ann.open(url)).json().items[0].answer
    t.match(kept, { status: 'done', content: /landlord does/ }, 'it is there for whoever may read it')
  }
)

t.test('an answer that was interrupted is asked for again by whoever may still read it', async (t) => {
  const { ann, bob, flat, first, second } = await twoAsking(t)
  const url = `/api/v1/chats/${await chatOf(bob, flat)}/messages`
  const stream = await bob.listen('POST', url, { content: 'Who repairs the heating?' }, { accept: events })
  await first.say('The landlord ')
  await stream.until('event: token')
  const answer = (await bob.open(url)).json().items[0].answer.id
  await bob.api('POST', `${url}/${answer}/stop`)
  await stream.rest()
  const asks = bob.request('POST', `${url}/${answer}/again`)
  await second.say('The landlord does. ')
  await ann.api('DELETE', `/api/v1/workspaces/${flat}/members/${(await bob.me()).id}`)
  await second.end()
  t.equal((await asks).statusCode, 404)
})

t.test('a page that breaks off in a table ends the table, and what was said once is said once', async (t) => {
  const { carrel, ann, flat, first } = await twoAsking(t)
  const chat = (await ann.submit(`/workspaces/${flat}/chats`, { question: 'Who repairs the heating?' })).headers
    .location as string
  await ann.submit(`${chat}/rename`, { title: 'Heating' })
  const page = await ann.listen('GET', chat)
  t.match(page.headers, { 'set-cookie': /^notice=;/, 'speculation-rules': String })
  await first.say('| Who | When |\n|---|---|\n| Landlord | soon |\n\nMore')
  await page.until('soon')
  await carrel.app.db.deleteFrom('sessions').execute()
  await first.say(' after.')
  await first.end()
  t.match(await page.rest(), /soon<\/td>\s*<\/tr>\s*<\/tbody>\s*<\/table><\/div>\s*<\/div><p class="refused">/)
})

t.test('an answer can be stopped; what was written stays, and it can be asked for again', async (t) => {
  const { carrel, ann, flat, first, second } = await twoAsking(t)
  const chat = (await ann.submit(`/workspaces/${flat}/chats`, { question: 'Who repairs the heating?' })).headers
    .location as string
  const page = await ann.listen('GET', chat)
  await first.say('Half a sentence of that')
  const [, stop] = /action="([^"]+\/stop)"/.exec(await page.until('Half a sentence')) as unknown as [string, string]
  t.equal((await ann.submit(stop)).statusCode, 303)
  t.match(await page.rest(), /You stopped this\..*Ask again.*<\/html>/s)
  await carrel.app.answering.idle()
  const [, again] = /action="([^"]+\/again)"/.exec((await ann.open(chat)).body) as unknown as [string, string]
  t.equal((await ann.submit(again)).statusCode, 303)
  await second.say('A whole sentence.')
  await second.end()
  await carrel.app.answering.idle()
  const whole = (await ann.open(chat)).body
  t.match(whole, 'A whole sentence.')
  t.notMatch(whole, /Half a sentence|You stopped this/)
  t.equal(whole.split('class="question"').length, 2, 'the question stands there once')
  t.equal((await ann.submit(again)).statusCode, 303, 'a whole answer stays')
  await carrel.app.answering.idle()
  t.match((await ann.open(chat)).body, 'A whole sentence.')
})

t.test('a server that is stopped ends what it was writing, and says so', async (t) => {
  const model = await startModelServer(t, fallsSilentAfter('Only so '))
  const carrel = await startApp(t, { MODEL_URL: model.url })
  const ann = await carrel.person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  await ann.puts(flat, 'Lease', lease)
  const content = { content: 'Who repairs the heating?' }
  const url = `/api/v1/chats/${await chatOf(ann, flat)}/messages`
  const stream = await ann.listen('POST', url, content, { accept: events })
  await stream.until('Only so')
  await carrel.app.answering.close()
  t.match(heard(await stream.rest()).at(-1), {
    event: 'error',
    code: 'ANSWER_FAILED',
    message: /stopped/,
    answer: { status: 'interrupted', content: /Only so/ }
  })
})

t.test('a chat that is deleted while it is answered takes everything along', async (t) => {
  const { carrel, ann, flat, first } = await twoAsking(t)
  const chat = await chatOf(ann, flat)
  const content = { content: 'Who repairs the heating?' }
  const stream = await ann.listen('POST', `/api/v1/chats/${chat}/messages`, content, { accept: events })
  await first.say('Half ')
  await stream.until('Half')
  t.equal((await ann.api('DELETE', `/api/v1/chats/${chat}`)).statusCode, 204)
  t.match(heard(await stream.rest()).at(-1), { event: 'error', code: 'NOT_FOUND' })
  await carrel.app.answering.idle()
  t.same(await carrel.app.db.selectFrom('messages').select('id').execute(), [])
  t.same(await carrel.app.db.selectFrom('answer_parts').select('k').execute(), [])
})
