import t from 'tap'
import type { Embedder } from '../../src/search/embedder.ts'
import { startApp } from '../support/carrel.ts'
import { sends } from '../support/page-desk.ts'
import { webSite } from '../support/web-site.ts'

const paragraph = 'The wombat digs at night and sleeps by day, and its burrow is as long as a street. '
const wombats = `<!doctype html><html lang="en"><head><title>On wombats</title></head><body>
  <article><h1>On wombats</h1><p>${paragraph.repeat(8)}</p><p>${paragraph.repeat(8)}</p></article></body></html>`
const open = { FETCH_ALLOW: '127.0.0.1' }

/** Remembers what it was given. */
function listening() {
  const heard: string[] = []
  const embedder: Embedder = {
    id: 'listening',
    dimensions: 1,
    async embed(texts) {
      heard.push(...texts)
      return texts.map(() => Float32Array.of(1))
    },
    async close() {}
  }
  return { embedder, heard }
}

t.test('a saved page goes by its own title, for the model too', async (t) => {
  const { embedder, heard } = listening()
  const { app, person } = await startApp(t, open, { embedder })
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const { url } = await webSite(t, sends(wombats))
  const { id } = (await ann.api('POST', '/api/v1/documents', { workspace_id: flat, url })).json()
  await app.reading.done()
  t.match((await ann.open(`/api/v1/documents/${id}`)).json(), { title: 'On wombats', source_url: `${url}/` })
  t.ok(heard.length > 0)
  for (const text of heard) t.match(text, /^On wombats\n/)
})

t.test('a title somebody gave to a page stays, whether before it was read or meanwhile', async (t) => {
  const { app, person } = await startApp(t, open)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const { url } = await webSite(t, sends(wombats))
  const add = async (more: object) =>
    (await ann.api('POST', '/api/v1/documents', { workspace_id: flat, ...more })).json()
  const typed = await add({ url, title: 'Marsupials' })
  await app.reading.done()
  t.match((await ann.open(`/api/v1/documents/${typed.id}`)).json(), { title: 'Marsupials', status: 'ready' })

  const other = await webSite(t, sends(wombats.replace('long as a street', 'deep as a well')))
  const renamed = await add({ url: other.url })
  t.equal(renamed.title, `${other.url}/`, 'until it is read its address is its title')
  await ann.api('PATCH', `/api/v1/documents/${renamed.id}`, { title: 'Diggers' })
  await app.reading.done()
  t.match((await ann.open(`/api/v1/documents/${renamed.id}`)).json(), { title: 'Diggers', status: 'ready' })
})

t.test('a pasted text is called by its first line, slashes and all; a file by its name without its path', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const text = await ann.api('POST', '/api/v1/documents', { workspace_id: flat, text: '# Rent 2026/27\n\nIt rises.' })
  t.equal(text.json().title, 'Rent 2026/27')
  const file = await ann.sendFiles('/api/v1/documents', { workspace_id: flat }, [['C:\\Papers\\Lease.txt', 'A lease.']])
  t.equal(file.json().title, 'Lease.txt')
})
