import { mock } from 'node:test'
import t, { type Test } from 'tap'
import type { Piece } from '../../src/answerers/answerer.ts'
import { putQuestion } from '../../src/chats/asking.ts'
import { stopElsewhere } from '../../src/chats/hold.ts'
import { chatsOf } from '../../src/chats/mine.ts'
import type { Cited } from '../../src/chats/progress.ts'
import { write } from '../../src/chats/writing.ts'
import { everywhere } from '../../src/viewer.ts'
import { passages } from '../support/asking.ts'
import { startApp } from '../support/carrel.ts'
import { dictated, fallsSilentAfter, says, startModelServer } from '../support/model-server.ts'

t.test('a document that is deleted while it is quoted neither stays nor fails an answer', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const { id } = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json()
  const { chat } = await chatsOf({ ...(await ann.me()), ...everywhere }, app.db).open(id)
  for (let round = 0; round < 10; round += 1) {
    const document = await ann.puts(flat, 'Lease', 'The landlord shall keep the heating in repair.')
    const asked = { question: 'Who?', tags: [], user: await ann.me() }
    const { answer } = await putQuestion(chat, asked, app.db, app.now())
    const [source] = passages({ document })
    const pieces: Piece[] = [{ kind: 'quote', n: 1, quote: 'The landlord', text: '“The landlord” [1]' }]
    const written = { pieces, sources: [{ ...source, passage_n: 1 } as Cited], citations: [], answerer: 'quoting' }
    const keep = () => write({ answer, workspace: flat }, { ...written, state: 'writing' }, app.db, app.now())
    await keep()
    const deleting = ann.api('DELETE', `/api/v1/documents/${document}`)
    await Promise.all([...Array.from({ length: 6 }, keep), deleting, ...Array.from({ length: 6 }, keep)])
    t.equal((await deleting).statusCode, 204)
  }
  t.same(await app.db.selectFrom('answer_parts').select('text').execute(), [])
})

t.test('an answer of thousands of quotes is kept whole', async (t) => {
  const model = await startModelServer(t, says('"heating" '.repeat(2900)))
  const carrel = await startApp(t, { MODEL_URL: model.url })
  const ann = await carrel.person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  await ann.puts(flat, 'Lease', 'The landlord shall keep the heating in repair.')
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
  const { answer } = (await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content: 'The heating?' })).json()
  t.equal(answer.status, 'done')
  t.equal(answer.content.split('“heating”').length, 2901)
})

/** Ann in a flat with a lease, before a model. */
async function atHerDesk(t: Test, model: { url: string }) {
  const carrel = await startApp(t, { MODEL_URL: model.url })
  const ann = await carrel.person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  await ann.puts(flat, 'Lease', 'The landlord shall keep the heating in repair.')
  const { id } = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json()
  const place = `/workspaces/${flat}/chats`
  const asks = (where = `${place}/${id}/messages`) => ann.submit(where, { question: 'Who repairs the heating?' })
  const answer = async () => (await ann.open(`/api/v1/chats/${id}/messages`)).json().items[0].answer
  return { ...carrel, ann, chat: id as string, place, asks, answer }
}

t.test('who asks too much at once is refused, and no chat is begun for that', async (t) => {
  const model = await startModelServer(t, fallsSilentAfter('Half '))
  const { ann, place, asks } = await atHerDesk(t, model)
  const asked = await Promise.all(Array.from({ length: 130 }, () => asks()))
  t.equal(asked.filter(({ statusCode }) => statusCode === 429).length, 30)
  t.match(await asks(place), { statusCode: 429, body: /Who repairs the heating\?/ })
  t.equal((await ann.open('/api/v1/chats')).json().items.length, 1)
})

t.test('an answer that was stopped elsewhere does not come back into the next', async (t) => {
  const [first, second] = [dictated(), dictated()]
  const model = await startModelServer(t, first.script, second.script)
  const { app, ann, chat, place, asks, answer } = await atHerDesk(t, model)
  await asks()
  await first.say('First words. ')
  const { id } = await answer()
  await stopElsewhere(id, app.db)
  t.equal((await ann.submit(`${place}/${chat}/messages/${id}/again`)).statusCode, 303)
  await model.hungUp
  await second.say('Second words.')
  await second.end()
  await app.answering.idle()
  t.match(await answer(), { status: 'done', content: /^Second words\./ })
})

t.test('nobody goes on listening to a model once the answer is gone', async (t) => {
  const silent = dictated()
  const model = await startModelServer(t, silent.script)
  const { app, asks, answer } = await atHerDesk(t, model)
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => mock.timers.reset())
  await asks()
  await silent.say('')
  await stopElsewhere((await answer()).id, app.db)
  mock.timers.tick(30_000)
  await model.hungUp
  await app.answering.idle()
  t.match(await answer(), { status: 'interrupted', error: 'You stopped this.' })
})
