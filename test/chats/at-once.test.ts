import t from 'tap'
import type { Piece } from '../../src/answerers/answerer.ts'
import { putQuestion } from '../../src/chats/asking.ts'
import { chatsOf } from '../../src/chats/mine.ts'
import type { Cited } from '../../src/chats/progress.ts'
import { write } from '../../src/chats/writing.ts'
import { passages } from '../support/asking.ts'
import { startApp } from '../support/carrel.ts'
import { says, startModelServer } from '../support/model-server.ts'

t.test('a document that is deleted while it is quoted neither stays nor fails an answer', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const { id } = (await ann.api('POST', '/api/v1/chats', { workspace_id: flat })).json()
  const { chat } = await chatsOf(await ann.me(), app.db).open(id)
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
