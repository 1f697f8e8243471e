import { globSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Embedder } from '../../src/search/embedder.ts'
import { Browser } from '../support/browser.ts'
import { type Carrel, password, settingsFor, startApp } from '../support/carrel.ts'
import { filesWith } from '../support/files.ts'

const odd = [
  '"',
  'AND OR NOT',
  'a NEAR b',
  'title:x',
  '*',
  '^',
  '(',
  '-',
  '😀',
  'the of and',
  '\u0000',
  '漢字かな',
  'x'.repeat(10_000),
  "'; drop table passages; --",
  '\u202e',
  'ﬁ',
  'col:"',
  '{a b}:c',
  '   '
]

async function twoDesks(carrel: Carrel) {
  const [ann, bob] = [await carrel.person('Ann'), await carrel.person('Bob')]
  const [flat, shop] = [await ann.makesWorkspace('Flat'), await bob.makesWorkspace('Shop')]
  await ann.puts(
    flat,
    'Lease',
    '# Repairs\n\nThe landlord keeps the boiler and the heating in repair.\n\n# Rent\n\nThe rent may rise once a year.'
  )
  await ann.puts(flat, 'House rules', 'No music after ten in the evening. Bicycles belong in the cellar.')
  await bob.puts(shop, 'Ledger', 'The heliotrope ledger is kept in the safe behind the boiler.')
  return { ann, bob, flat, shop }
}

t.test('a search finds the passage that answers, marks its words, and leads to its place', async (t) => {
  const { ann, flat } = await twoDesks(await startApp(t))
  const page = await ann.open(`/workspaces/${flat}/search?q=who+repairs+the+heating`)
  t.equal(page.statusCode, 200)
  t.match(page.body, '<mark>heating</mark>')
  t.match(page.body, /href="\/workspaces\/[^"]+\/documents\/[^"]+\?from=1#passage-1">Lease<\/a>/)
  const { items } = (await ann.open(`/api/v1/search?workspace_id=${flat}&q=bicycle&limit=1`)).json()
  t.match(items, [{ title: 'House rules', document_id: String, passage_id: String, text: /Bicycles/, score: Number }])
})

t.test('what is on one desk is never found from another', async (t) => {
  const { ann, bob, flat, shop } = await twoDesks(await startApp(t))
  t.match((await bob.open(`/api/v1/search?workspace_id=${shop}&q=heliotrope`)).json().items, [{ title: 'Ledger' }])
  t.same((await ann.open(`/api/v1/search?workspace_id=${flat}&q=heliotrope`)).json().items, [])
  const boiler = (await ann.open(`/api/v1/search?workspace_id=${flat}&q=boiler`)).json().items
  t.same(
    boiler.map(({ title }: { title: string }) => title),
    ['Lease']
  )
  t.equal((await ann.open(`/api/v1/search?workspace_id=${shop}&q=heliotrope`)).statusCode, 404)
  t.equal((await ann.open(`/workspaces/${shop}/search?q=heliotrope`)).statusCode, 404)
})

t.test('a question narrows to a tag of one’s own', async (t) => {
  const { ann, bob, flat, shop } = await twoDesks(await startApp(t))
  const id = await ann.puts(flat, 'Boiler guarantee', 'The boiler is covered until March.', ['papers'])
  const [{ id: tag }] = (await ann.open('/api/v1/tags')).json().items
  const narrowed = (await ann.open(`/api/v1/search?workspace_id=${flat}&q=boiler&tag=${tag}`)).json().items
  t.same(
    narrowed.map(({ document_id }: { document_id: string }) => document_id),
    [id]
  )
  const byName = `/api/v1/search?workspace_id=${flat}&q=boiler&tag=`
  t.same((await ann.open(`${byName}Papers`)).json().items, narrowed, 'told by its name as well')
  t.same((await ann.open(`${byName}nothing`)).json().items, [])
  t.equal((await ann.open(`${byName}a,b`)).json().fields.tag, 'Give the name of one of your tags, or its id.')
  t.match((await ann.open(`/workspaces/${flat}/search?q=boiler&tag=${tag}`)).body, 'Only documents tagged “papers”')
  t.same((await bob.open(`/api/v1/search?workspace_id=${shop}&q=boiler&tag=${tag}`)).json().items, [])
  t.equal((await bob.open(`/workspaces/${shop}/search?q=boiler&tag=${tag}`)).statusCode, 404)
})

t.test('anything may be asked', async (t) => {
  const { ann, flat } = await twoDesks(await startApp(t))
  for (const question of odd) {
    const q = encodeURIComponent(question)
    t.equal((await ann.open(`/workspaces/${flat}/search?q=${q}`)).statusCode, 200, question.slice(0, 20))
    const answer = await ann.open(`/api/v1/search?workspace_id=${flat}&q=${q}`)
    t.equal(answer.statusCode, 200, question.slice(0, 20))
    t.ok(Array.isArray(answer.json().items))
  }
})

t.test('a new title is found, an old one no longer', async (t) => {
  const { ann, flat } = await twoDesks(await startApp(t))
  const id = await ann.puts(flat, 'Wombat', 'Nothing of note.')
  const found = async (q: string) => (await ann.open(`/api/v1/search?workspace_id=${flat}&q=${q}`)).json().items.length
  t.equal(await found('wombat'), 1)
  await ann.api('PATCH', `/api/v1/documents/${id}`, { title: 'Platypus' })
  t.equal(await found('wombat'), 0)
  t.equal(await found('platypus'), 1)
})

t.test('an index that is lost is made again from the database', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await twoDesks(carrel)
  const { index_name } = await carrel.app.db
    .selectFrom('workspaces')
    .select('index_name')
    .where('id', '=', flat)
    .executeTakeFirstOrThrow()
  await carrel.app.searching.dropIndex(index_name)
  t.match((await ann.open(`/api/v1/search?workspace_id=${flat}&q=bicycles`)).json().items, [{ title: 'House rules' }])
})

/** Knows three meanings; what it is told last is what it was asked. */
function smallEmbedder(id: string) {
  const asked: string[] = []
  const meanings = [/boiler|heating|warm/i, /bicycle|cycle|ride/i, /rent|money/i]
  const embedder: Embedder = {
    id,
    dimensions: meanings.length,
    async embed(texts) {
      asked.push(...texts)
      return texts.map((text) => Float32Array.from(meanings, (meaning) => (meaning.test(text) ? 1 : 0)))
    },
    async close() {}
  }
  return { embedder, asked }
}

t.test('whoever asks nothing finds nothing, by page and by API, whatever a model makes of it', async (t) => {
  const { embedder } = smallEmbedder('of anything')
  const ofAnything = { ...embedder, embed: async (texts: string[]) => texts.map(() => Float32Array.of(1, 0, 0)) }
  const { ann, flat } = await twoDesks(await startApp(t, {}, { embedder: ofAnything }))
  const asks = async (q: string) => (await ann.open(`/api/v1/search?workspace_id=${flat}&q=${q}`)).json().items.length
  t.ok((await asks('anything')) > 0)
  for (const q of ['', '%20', '%0A%09']) {
    t.equal(await asks(q), 0)
    const { body } = await ann.open(`/workspaces/${flat}/search?q=${q}`)
    t.notMatch(body, /<blockquote>|Nothing here answers/)
  }
})

t.test('an index that was damaged on the disk is made again, and the question is answered all the same', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await twoDesks(carrel)
  const asks = async () => (await ann.open(`/api/v1/search?workspace_id=${flat}&q=bicycles`)).json().items
  t.match(await asks(), [{ title: 'House rules' }])
  const place = await carrel.app.db.selectFrom('workspaces').select('index_name').where('id', '=', flat).execute()
  const [file] = globSync(join(carrel.app.config.dataDir, `indexes/**/${place[0]?.index_name}.db`))
  rmSync(file as string)
  t.match(await asks(), [{ title: 'House rules' }])
})

t.test('a damaged index keeps nobody from deleting, and nothing of what is deleted stays', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await twoDesks(carrel)
  const { dataDir } = carrel.app.config
  const canary = await ann.puts(flat, 'Canary', 'It says heliotrope windlass.')
  const place = await carrel.app.db.selectFrom('workspaces').select('index_name').where('id', '=', flat).execute()
  for (const file of globSync(join(dataDir, `indexes/**/${place[0]?.index_name}.db*`)))
    writeFileSync(file, 'no index '.repeat(1000))
  t.equal((await ann.request('DELETE', `/api/v1/documents/${canary}`)).statusCode, 204)
  t.same(filesWith(dataDir, 'windlass'), [])
  t.match((await ann.open(`/api/v1/search?workspace_id=${flat}&q=bicycles`)).json().items, [{ title: 'House rules' }])
})

t.test('with a model a passage is found by what it means, and the page says by what it was found', async (t) => {
  const { embedder } = smallEmbedder('one')
  const { ann, flat } = await twoDesks(await startApp(t, {}, { embedder }))
  const { items } = (await ann.open(`/api/v1/search?workspace_id=${flat}&q=ride`)).json()
  t.match(items[0], { title: 'House rules', dense: { rank: 1 } })
  t.notOk(items[0].lexical)
  t.match((await ann.open(`/workspaces/${flat}/search?q=ride`)).body, 'By its meaning it is number 1.')
})

t.test('without an answer from the model the words are searched alone', async (t) => {
  const { embedder } = smallEmbedder('one')
  const { ann, flat } = await twoDesks(await startApp(t, {}, { embedder }))
  embedder.embed = async () => {
    throw new Error('the model is gone')
  }
  t.match((await ann.open(`/api/v1/search?workspace_id=${flat}&q=bicycles`)).json().items, [{ title: 'House rules' }])
  const id = await ann.puts(flat, 'Late', 'A late arrival about gardening.')
  t.match((await ann.open(`/api/v1/documents/${id}`)).json(), { status: 'ready' })
  t.match((await ann.open(`/api/v1/search?workspace_id=${flat}&q=gardening`)).json().items, [{ title: 'Late' }])
})

t.test('another model than before gives every document its vectors anew, while search goes on', async (t) => {
  const settings = await settingsFor(t)
  const before = smallEmbedder('before')
  const first = await buildApp(readConfig(settings), { embedder: before.embedder })
  const ann = new Browser(first)
  const newcomer = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }
  await ann.submit('/register', newcomer)
  const flat = await ann.makesWorkspace('Flat')
  await ann.puts(flat, 'Rules', 'Bicycles belong in the cellar.')
  await first.close()

  const after = smallEmbedder('after')
  const second = await buildApp(readConfig(settings), { embedder: after.embedder })
  t.teardown(() => second.close())
  await second.ready()
  await second.reading.done()
  t.match(after.asked, [/Bicycles belong/])
  t.match(await second.db.selectFrom('passage_vectors').select('embedder').execute(), [{ embedder: 'after' }])
  const again = new Browser(second)
  await again.submit('/login', { email: newcomer.email, password })
  const found = await again.open(`/api/v1/search?workspace_id=${flat}&q=where+to+ride`)
  t.match(found.json().items, [{ title: 'Rules', dense: { rank: 1 } }])
})
