import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/open.ts'
import { documentsOf } from '../../src/documents/mine.ts'
import { removeDocument } from '../../src/documents/removal.ts'
import type { ChangeableDocument } from '../../src/documents/store.ts'
import { everywhere } from '../../src/viewer.ts'
import { Browser, seen } from '../support/browser.ts'
import { type Carrel, settingsFor, startApp } from '../support/carrel.ts'
import { filesWith } from '../support/files.ts'
import { pdf } from './extraction/support/pdf.ts'

const lease = '# Lease\n\nThe landlord keeps the boiler in repair.\n\n## Deposit\n\nThe deposit is two months of rent.'
const nowhere = '01900000-0000-7000-8000-000000000000'

/** Ann's flat, where Bob may add and Cleo may read; Dora is a stranger. */
async function flatOf(carrel: Carrel) {
  const [ann, bob, cleo, dora] = [
    await carrel.person('Ann'),
    await carrel.person('Bob'),
    await carrel.person('Cleo'),
    await carrel.person('Dora')
  ]
  const flat = await ann.makesWorkspace('Flat')
  await bob.accepts(await ann.invites(flat, 'editor'))
  await cleo.accepts(await ann.invites(flat, 'viewer'))
  return { ann, bob, cleo, dora, flat }
}

async function listed(browser: Browser, workspace: string) {
  return (await browser.open(`/api/v1/documents?workspace_id=${workspace}`)).json().items
}

t.test('a file that is put on the desk is read, and its page shows its text with its headings', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const answer = await ann.sendFiles(`/workspaces/${flat}/documents`, {}, [['Lease of 12 Elm Street.md', lease]])
  t.match(answer, { statusCode: 303, headers: { location: `/workspaces/${flat}` } })
  t.match((await ann.open(`/workspaces/${flat}`)).body, '1 document added')

  await carrel.app.reading.done()
  const [document] = await listed(ann, flat)
  t.match(document, {
    title: 'Lease of 12 Elm Street.md',
    status: 'ready',
    format: 'md',
    bytes: lease.length,
    error: null
  })
  const page = await ann.open(`/workspaces/${flat}/documents/${document.id}`)
  t.match(page.body, /<h2>Lease<\/h2>/)
  t.match(page.body, /<h3>Deposit<\/h3>/)
  t.match(page.body, '<p>The deposit is two months of rent.</p>')
  t.match(page.body, 'id="passage-1"')
})

t.test('several files may come at once; one that cannot be taken keeps none of the others out', async (t) => {
  const carrel = await startApp(t, { UPLOAD_MAX_MB: '1' })
  const { ann, flat } = await flatOf(carrel)
  const answer = await ann.sendFiles(`/workspaces/${flat}/documents`, { tags: 'home' }, [
    ['one.txt', 'The first text.'],
    ['nothing.txt', ''],
    ['large.txt', 'x'.repeat(1_000_001)],
    ['two.txt', 'The second text.']
  ])
  t.equal(answer.statusCode, 422)
  t.match(answer.body, '<b>nothing.txt</b>: There is nothing in this file.')
  t.match(answer.body, '<b>large.txt</b>: This is larger than 1 MB')
  t.match(answer.body, 'Taken: one.txt, two.txt.')
  await carrel.app.reading.done()
  t.match(await listed(ann, flat), [
    { title: 'two.txt', tags: ['home'] },
    { title: 'one.txt', tags: ['home'] }
  ])
  t.equal(readdirSync(join(carrel.app.config.dataDir, 'originals')).length, 2)

  const none = await ann.sendFiles(`/workspaces/${flat}/documents`, {}, [['', '']])
  t.match(none, { statusCode: 422, body: /Choose a file, paste some text, or give a web address\./ })
})

t.test('a text can be pasted, and is called by its first line where it has no title', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const answer = await ann.submit(`/workspaces/${flat}/documents`, { text: `${lease}\n`, tags: 'Home, papers' })
  t.equal(answer.statusCode, 303)
  await carrel.app.reading.done()
  t.match(await listed(ann, flat), [{ title: 'Lease', origin: 'text', status: 'ready', tags: ['Home', 'papers'] }])

  const empty = await ann.submit(`/workspaces/${flat}/documents`, { title: 'Nothing', text: '  \n ' })
  t.match(empty, { statusCode: 422, body: /Paste some text\./ })
  t.match(empty.body, 'value="Nothing"')
})

t.test('the same file twice is recognised, whatever it is called, and leads to the one that is there', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, flat } = await flatOf(carrel)
  await ann.sendFiles(`/workspaces/${flat}/documents`, {}, [['a.txt', 'The very same.']])
  const [{ id }] = await listed(ann, flat)
  const again = await bob.sendFiles(`/workspaces/${flat}/documents`, {}, [['b.txt', 'The very same.']])
  t.match(again.headers.location, `/workspaces/${flat}/documents/${id}`)
  t.match((await bob.open(again.headers.location as string)).body, 'This very file is here already.')
  t.equal((await listed(ann, flat)).length, 1)
  t.equal(readdirSync(join(carrel.app.config.dataDir, 'originals')).length, 1)

  const elsewhere = await bob.makesWorkspace('Mine')
  await bob.sendFiles(`/workspaces/${elsewhere}/documents`, {}, [['b.txt', 'The very same.']])
  t.equal((await listed(bob, elsewhere)).length, 1, 'in another workspace it is another document')
})

t.test('an editor adds, and changes what they added; a viewer reads; a stranger sees nothing', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, cleo, dora, flat } = await flatOf(carrel)
  const anns = await ann.puts(flat, 'Of Ann', 'Something of Ann.')
  const bobs = await bob.puts(flat, 'Of Bob', 'Something of Bob.')
  const page = (id: string) => `/workspaces/${flat}/documents/${id}`

  t.equal((await cleo.open(page(anns))).statusCode, 200)
  t.equal((await cleo.open(`/workspaces/${flat}/documents/new`)).statusCode, 403)
  t.equal((await cleo.sendFiles(`/workspaces/${flat}/documents`, {}, [['c.txt', 'c']])).statusCode, 403)
  t.equal((await cleo.api('POST', '/api/v1/documents', { workspace_id: flat, text: 'c' })).statusCode, 403)
  t.equal((await cleo.submit(`${page(anns)}/delete`)).statusCode, 403)
  t.equal((await bob.submit(page(anns), { title: 'Taken over' })).statusCode, 403)
  t.equal((await bob.api('DELETE', `/api/v1/documents/${anns}`)).statusCode, 403)
  t.equal((await bob.submit(page(bobs), { title: 'Still of Bob' })).statusCode, 303)
  t.equal((await ann.submit(page(bobs), { title: 'Renamed by Ann' })).statusCode, 303)

  for (const path of [page(anns), `${page(anns)}/original`, `${page(anns)}/settings`, `/api/v1/documents/${anns}`]) {
    t.same(seen(await dora.open(path)), seen(await dora.open(path.replace(anns, nowhere))), path)
    t.equal((await dora.open(path)).statusCode, 404)
  }
  t.equal((await dora.api('POST', '/api/v1/documents', { workspace_id: flat, text: 'd' })).statusCode, 404)
  t.equal((await dora.sendFiles('/api/v1/documents', { workspace_id: flat }, [['d.txt', 'd']])).statusCode, 404)
  t.same((await dora.open('/api/v1/documents')).json().items, [])
  t.equal(readdirSync(join(carrel.app.config.dataDir, 'originals')).length, 2, 'what was refused is not kept')
})

t.test('tags belong to one person: others neither see them nor find by them', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, flat } = await flatOf(carrel)
  const id = await ann.puts(flat, 'Lease', lease, ['Secret plan'])
  await ann.puts(flat, 'Other', 'Something else.')
  const [tag] = (await ann.open('/api/v1/tags')).json().items
  t.match(tag, { name: 'Secret plan' })

  t.match((await ann.open(`/workspaces/${flat}`)).body, 'Secret plan')
  t.notMatch((await bob.open(`/workspaces/${flat}`)).body, 'Secret plan')
  t.notMatch((await bob.open(`/workspaces/${flat}/documents/${id}`)).body, 'Secret plan')
  t.same((await bob.open(`/api/v1/documents/${id}`)).json().tags, [])
  t.match((await ann.open(`/api/v1/documents?workspace_id=${flat}&tag=${tag.id}`)).json().items, [{ id }])
  t.same((await bob.open(`/api/v1/documents?workspace_id=${flat}&tag=${tag.id}`)).json().items, [])
  for (const list of [`/api/v1/documents?workspace_id=${flat}`, '/api/v1/documents?']) {
    const byName = async (who: typeof ann, name: string) => (await who.open(`${list}&tag=${name}`)).json().items
    t.match(await byName(ann, 'secret%20PLAN'), [{ id }], 'a tag is told by its name as well')
    t.same(await byName(ann, 'plan'), [])
    t.same(await byName(bob, 'Secret%20plan'), [])
  }
  t.equal((await bob.open(`/workspaces/${flat}?tag=${tag.id}`)).statusCode, 404)
  t.match((await ann.open(`/workspaces/${flat}?tag=${tag.id}`)).body, 'tagged “Secret plan”')

  await bob.api('PATCH', `/api/v1/documents/${await bob.puts(flat, 'Bobs', 'Of Bob.')}`, { tags: ['Secret plan', 'b'] })
  t.equal((await bob.open('/api/v1/tags')).json().items.length, 2, 'two people may each have a tag of one name')
  await ann.submit(`/workspaces/${flat}/documents/${id}`, { title: 'Lease', tags: 'home' })
  t.same((await ann.open(`/api/v1/documents/${id}`)).json().tags, ['home'])
})

t.test('the original comes back byte for byte, and a browser may only keep it', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const page = '<!doctype html><title>Hello</title><p>Hello</p><script>alert(1)</script>'
  await ann.sendFiles(`/workspaces/${flat}/documents`, {}, [['x".html', page]])
  await carrel.app.reading.done()
  const [{ id }] = await listed(ann, flat)
  const answer = await ann.open(`/workspaces/${flat}/documents/${id}/original`)
  t.equal(answer.body, page)
  t.match(answer.headers, {
    'content-type': 'application/octet-stream',
    'content-disposition': /^attachment; filename="document-[0-9a-f]{8}\.html"$/,
    'content-security-policy': /sandbox/,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  })
})

t.test('what is deleted is gone from every file, and a receipt says what went', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const canary = 'heliotrope windlass'
  const id = await ann.puts(flat, 'Canary', `It says ${canary}, and again ${canary}.`)
  await ann.puts(flat, 'Stays', 'This one stays.')
  await ann.submit(`/workspaces/${flat}/chats`, { question: 'Who says what again and again?' })
  await carrel.app.answering.idle()
  await carrel.app.memory.idle()
  t.match((await ann.open('/memory')).body, canary, 'it is remembered')
  const { dataDir } = carrel.app.config
  t.ok(filesWith(dataDir, canary).length > 0, 'it was there')
  t.match((await ann.open(`/api/v1/search?workspace_id=${flat}&q=heliotrope`)).json().items, [{ document_id: id }])

  const gone = await ann.submit(`/workspaces/${flat}/documents/${id}/delete`)
  t.match(gone, { statusCode: 303, headers: { location: `/workspaces/${flat}` } })
  t.match(
    (await ann.open(`/workspaces/${flat}`)).body,
    /Deleted for good: the document, its original of \d+ bytes, 1 passage and 0 vectors\.\s*</
  )
  t.same(filesWith(dataDir, canary), [])
  t.same(filesWith(dataDir, 'windlass'), [], 'nor is a word of it')
  t.notMatch((await ann.open('/memory')).body, 'windlass')
  t.same((await ann.open(`/api/v1/search?workspace_id=${flat}&q=heliotrope`)).json().items, [])
  t.equal((await ann.open(`/workspaces/${flat}/documents/${id}`)).statusCode, 404)
  t.equal((await listed(ann, flat)).length, 1)
})

t.test('a workspace takes its documents, their originals and its index with it', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const canary = 'heliotrope windlass'
  await ann.puts(flat, 'Canary', `It says ${canary}.`)
  const { dataDir } = carrel.app.config
  await ann.submit(`/workspaces/${flat}/delete`)
  t.match((await ann.open('/workspaces')).body, 'The workspace is gone, and everything in it: 1 document')
  t.same(filesWith(dataDir, canary), [])
  t.same(readdirSync(join(dataDir, 'originals')), [])
})

t.test('a file that cannot be read says why, and may be tried again', async (t) => {
  const carrel = await startApp(t)
  const { ann, cleo, flat } = await flatOf(carrel)
  await ann.sendFiles(`/workspaces/${flat}/documents`, {}, [['broken.pdf', '%PDF-1.7\nnothing that follows is one']])
  await carrel.app.reading.done()
  const [{ id, status, error }] = await listed(ann, flat)
  t.equal(status, 'failed')
  t.ok(error)
  const page = await ann.open(`/workspaces/${flat}/documents/${id}`)
  t.match(page.body, 'Try again')
  t.notMatch((await cleo.open(`/workspaces/${flat}/documents/${id}`)).body, 'Try again')
  t.equal((await ann.submit(`/workspaces/${flat}/documents/${id}/retry`)).statusCode, 303)
  await carrel.app.reading.done()
  t.match(await listed(ann, flat), [{ status: 'failed', error }])
})

t.test('a document tells how long it is, and one page is one page', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const page = (text: string) => [{ text, y: 700 }]
  await ann.sendFiles(`/workspaces/${flat}/documents`, {}, [
    ['one.pdf', pdf([page('The first and only page.')])],
    ['two.pdf', pdf([page('The first page.'), page('The second page.')])]
  ])
  await carrel.app.reading.done()
  const { body } = await ann.open(`/workspaces/${flat}`)
  t.match(body, /PDF, 1 page,/)
  t.match(body, /PDF, 2 pages,/)
})

t.test('a desk is full when the setting says so', async (t) => {
  const carrel = await startApp(t, { USER_QUOTA_MB: '1' })
  const { ann, bob, flat } = await flatOf(carrel)
  const large = (letter: string) => letter.repeat(600_000)
  await ann.sendFiles(`/workspaces/${flat}/documents`, {}, [['a.txt', large('a')]])
  const full = await ann.sendFiles(`/workspaces/${flat}/documents`, {}, [['b.txt', large('b')]])
  t.match(full, { statusCode: 422, body: /There is no room left on your desk for this/ })
  t.equal((await bob.sendFiles(`/workspaces/${flat}/documents`, {}, [['b.txt', large('b')]])).statusCode, 303)
  t.equal(readdirSync(join(carrel.app.config.dataDir, 'originals')).length, 2)
})

t.test('many files at once find no more room on a desk than one after the other', async (t) => {
  const carrel = await startApp(t, { USER_QUOTA_MB: '1' })
  const ann = await carrel.person('Ann')
  const desk = await ann.makesWorkspace('Flat')
  const letters = [...'abcdefgh']
  const answers = await Promise.all(
    letters.map((letter) =>
      ann.sendFiles(`/workspaces/${desk}/documents`, {}, [[`${letter}.txt`, letter.repeat(600_000)]])
    )
  )
  t.equal(answers.filter(({ statusCode }) => statusCode === 303).length, 1)
  t.equal((await listed(ann, desk)).length, 1)
})

t.test('a long document is shown some passages at a time, each with an address of its own', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const chapter = (n: number) => `Chapter ${n} ${'tells of what came before it and of what is to come. '.repeat(20)}`
  const id = await ann.puts(flat, 'Long', Array.from({ length: 90 }, (_, n) => chapter(n)).join('\n\n'))
  const page = `/workspaces/${flat}/documents/${id}`
  const first = (await ann.open(page)).body
  t.match(first, 'id="passage-1"')
  t.match(first, 'href="?from=61"')
  t.notMatch(first, 'id="passage-61"')
  t.match((await ann.open(`${page}?from=61`)).body, 'id="passage-61"')
  t.equal((await ann.open(`${page}?from=0`)).statusCode, 400)
})

t.test('a program that gives nothing that can be taken is refused; beside something else it is told', async (t) => {
  const carrel = await startApp(t, { UPLOAD_MAX_MB: '1', USER_QUOTA_MB: '1' })
  const { ann, flat } = await flatOf(carrel)
  const sends = (...files: [string, string][]) => ann.sendFiles('/api/v1/documents', { workspace_id: flat }, files)
  const nothing: [string, string] = ['nothing.txt', '']
  const large: [string, string] = ['large.txt', 'x'.repeat(1_000_001)]
  t.match((await sends(nothing)).json(), { statusCode: 400, code: 'INVALID', fields: { file: 'There is nothing' } })
  t.match((await sends(large, nothing)).json(), { statusCode: 413, code: 'TOO_LARGE', message: /larger than 1 MB/ })

  const some = await sends(nothing, ['half.txt', 'x'.repeat(600_000)])
  t.match(some, { statusCode: 201, headers: { location: `/api/v1/documents/${some.json().id}` } })
  t.same(some.json().refused, [{ title: 'nothing.txt', why: 'There is nothing in this file.' }])
  t.match((await sends(['other.txt', 'y'.repeat(600_000)])).json(), { statusCode: 413, code: 'QUOTA_FULL' })
  const text = await ann.api('POST', '/api/v1/documents', { workspace_id: flat, text: 'z'.repeat(600_000) })
  t.match(text.json(), { statusCode: 413, code: 'QUOTA_FULL' })
  t.equal((await listed(ann, flat)).length, 1)
  t.equal(readdirSync(join(carrel.app.config.dataDir, 'originals')).length, 1, 'what was refused is not kept')
})

t.test('the JSON twin takes text and files, lists, changes and deletes', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat } = await flatOf(carrel)
  const made = await ann.api('POST', '/api/v1/documents', {
    workspace_id: flat,
    title: 'A',
    text: 'Text.',
    tags: ['x']
  })
  t.equal(made.statusCode, 201)
  t.match(made.json(), { id: String, title: 'A', status: 'pending', tags: ['x'], workspace_id: flat })
  const file = await ann.sendFiles('/api/v1/documents', { workspace_id: flat }, [['b.csv', 'name,age\nAda,36']])
  t.equal(file.statusCode, 201)
  await carrel.app.reading.done()
  t.match((await ann.open(`/api/v1/documents/${file.json().id}`)).json(), { status: 'ready', format: 'csv' })
  const again = await ann.api('POST', '/api/v1/documents', { workspace_id: flat, text: 'Text.' })
  t.match(again, { statusCode: 200 })
  t.equal(again.json().id, made.json().id)

  const first = (await ann.open(`/api/v1/documents?workspace_id=${flat}&limit=1`)).json()
  t.match(first, { items: [{ title: 'b.csv' }], next_cursor: String })
  const second = (await ann.open(`/api/v1/documents?workspace_id=${flat}&limit=1&cursor=${first.next_cursor}`)).json()
  t.match(second, { items: [{ title: 'A' }], next_cursor: null })

  const changed = await ann.api('PATCH', `/api/v1/documents/${made.json().id}`, { title: 'Renamed', tags: [] })
  t.match(changed.json(), { title: 'Renamed', tags: [] })
  t.equal((await ann.api('DELETE', `/api/v1/documents/${made.json().id}`)).statusCode, 204)
  t.equal((await ann.open(`/api/v1/documents/${made.json().id}`)).statusCode, 404)
  for (const body of [{}, { workspace_id: flat }, { workspace_id: flat, text: '' }, { workspace_id: 'x', text: 'x' }]) {
    t.match((await ann.api('POST', '/api/v1/documents', body)).json(), { statusCode: 400 }, JSON.stringify(body))
  }
})

t.test('what a crash has left on the disk is cleared away by the next start', async (t) => {
  const settings = await settingsFor(t)
  const first = await buildApp(readConfig(settings))
  await first.ready()
  await first.close()
  const folder = join(settings.DATA_DIR, 'originals')
  const [never, deleted] = [join(folder, 'never-became-one'), join(folder, 'was-deleted')]
  for (const file of [never, deleted]) writeFileSync(file, 'left over')
  utimesSync(never, new Date('2020-01-01'), new Date('2020-01-01'))
  const db = await openDatabase(readConfig(settings))
  await db.insertInto('leftovers').values({ kind: 'file', name: 'was-deleted' }).execute()
  await db.destroy()

  const second = await buildApp(readConfig(settings))
  await second.ready()
  await second.close()
  t.same(readdirSync(folder), [])
})

t.test('a deletion that a crash cut off is finished by the next start, in the index too', async (t) => {
  const settings = await settingsFor(t)
  const first = await buildApp(readConfig(settings))
  const ann = new Browser(first)
  const newcomer = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password: 'four unrelated words' }
  await ann.submit('/register', newcomer)
  const id = await ann.puts(await ann.makesWorkspace('Flat'), 'Canary', 'It says heliotrope windlass.')
  const { document } = await documentsOf({ ...(await ann.me()), ...everywhere }, first.db).open(id)
  await removeDocument(document as ChangeableDocument, first.db)
  await first.close()
  t.ok(filesWith(settings.DATA_DIR, 'windlass').length > 0, 'the deletion came no further than the database')

  const second = await buildApp(readConfig(settings))
  await second.ready()
  await second.following.now()
  await second.close()
  t.same(filesWith(settings.DATA_DIR, 'windlass'), [])
})

t.test('what a crash has interrupted is finished by the next start, once', async (t) => {
  const settings = await settingsFor(t)
  const first = await buildApp(readConfig(settings))
  const ann = new Browser(first)
  await ann.submit('/register', {
    firstName: 'Ann',
    lastName: 'Arbor',
    email: 'ann@example.com',
    password: 'four unrelated words'
  })
  const flat = await ann.makesWorkspace('Flat')
  const id = await ann.puts(flat, 'Lease', lease)
  await first.db.updateTable('documents').set({ state: 'extracting', tries: 1, held_until: null }).execute()
  await first.close()

  const second = await buildApp(readConfig(settings))
  t.teardown(() => second.close())
  await second.ready()
  await second.reading.done()
  const passages = await second.db.selectFrom('passages').select('n').where('document_id', '=', id).execute()
  t.same(passages, [{ n: 1 }])
  t.match(await second.db.selectFrom('documents').select(['state', 'tries']).execute(), [{ state: 'ready', tries: 0 }])
})

t.test('a page of the web is saved as it is, and read without what stands around its article', async (t) => {
  const paragraph = 'The wombat digs at night and sleeps by day, and its burrow is as long as a street. '
  const site = createServer((_request, reply) => {
    reply.setHeader('content-type', 'text/html; charset=utf-8')
    reply.end(`<!doctype html><html lang="en"><head><title>On wombats</title></head><body><nav><a href="/">Buy now</a></nav>
      <article><h1>On wombats</h1><p>${paragraph.repeat(8)}</p><p>${paragraph.repeat(8)}</p></article>
      <footer>All rights reserved by nobody</footer></body></html>`)
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise((resolve) => site.close(resolve)))
  const { port } = site.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/wombats`

  const open = await startApp(t, { FETCH_ALLOW: '127.0.0.1' })
  const { ann, flat } = await flatOf(open)
  t.equal((await ann.submit(`/workspaces/${flat}/documents`, { url })).statusCode, 303)
  await open.app.reading.done()
  const [document] = await listed(ann, flat)
  t.match(document, { title: 'On wombats', origin: 'page', source_url: url, status: 'ready', format: 'html' })
  const page = (await ann.open(`/workspaces/${flat}/documents/${document.id}`)).body
  t.match(page, 'The wombat digs at night')
  t.notMatch(page, /Buy now|All rights reserved/)

  const shut = await startApp(t)
  const bob = await shut.person('Bob')
  const shed = await bob.makesWorkspace('Shed')
  const refused = await bob.submit(`/workspaces/${shed}/documents`, { url })
  t.match(refused, { statusCode: 422, body: /No public site was found at 127\.0\.0\.1/ })
  t.match(refused.body, `value="${url}"`)
  t.same(readdirSync(join(shut.app.config.dataDir, 'originals')), [])
})
