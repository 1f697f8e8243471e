import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/open.ts'
import type { Embedder } from '../../src/search/embedder.ts'
import { Browser } from '../support/browser.ts'
import { password, settingsFor, startApp } from '../support/carrel.ts'
import { sends, story } from '../support/page-desk.ts'
import { webSite } from '../support/web-site.ts'

type Running = Awaited<ReturnType<typeof buildApp>>

/** Remembers in which order documents came, and lets one of them wait. */
function patient() {
  const heard: string[] = []
  let waitsFor = /^$/
  const reached = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  goOn.promise.catch(() => {})
  const embedder: Embedder = {
    id: 'patient',
    dimensions: 1,
    async embed(texts) {
      heard.push(...texts.map((text) => text.split('\n', 1)[0] as string))
      if (texts.some((text) => waitsFor.test(text))) {
        reached.resolve()
        await goOn.promise
      }
      return texts.map(() => Float32Array.of(1))
    },
    close: async () => goOn.reject(new Error('The model was closed.'))
  }
  const waitAt = (what: RegExp) => {
    waitsFor = what
    return reached.promise
  }
  return { embedder, heard, waitAt, goOn: goOn.resolve }
}

async function joins(app: Running, firstName: string) {
  const browser = new Browser(app)
  const email = `${firstName.toLowerCase()}@example.com`
  await browser.submit('/register', { firstName, lastName: 'Arbor', email, password })
  const desk = await browser.makesWorkspace('Desk')
  const puts = async (...titles: string[]) => {
    for (const title of titles) {
      await browser.api('POST', '/api/v1/documents', { workspace_id: desk, title, text: `The text of ${title}.` })
    }
  }
  return { browser, desk, puts }
}

/** A Carrel that is stopped, on whose desks something waits to be read; then one that reads. */
async function waiting(t: Test, put: (app: Running) => Promise<void>) {
  const settings = await settingsFor(t)
  const first = await buildApp(readConfig(settings))
  await first.ready()
  await first.reading.stop()
  await put(first)
  await first.close()
  return settings
}

async function startAgain(t: Test, settings: Record<string, string>, embedder?: Embedder) {
  const app = await buildApp(readConfig(settings), { embedder })
  t.teardown(() => app.close())
  await app.ready()
  return app
}

t.test('people have their documents read in turns, however many one of them has put there', async (t) => {
  const settings = await waiting(t, async (app) => {
    await (await joins(app, 'Ann')).puts('A1', 'A2', 'A3', 'A4', 'A5')
    await (await joins(app, 'Bob')).puts('B1')
    await (await joins(app, 'Cleo')).puts('C1', 'C2')
  })
  const { embedder, heard } = patient()
  await (await startAgain(t, settings, embedder)).reading.done()
  t.same(heard, ['A1', 'B1', 'C1', 'A2', 'C2', 'A3', 'A4', 'A5'])
})

t.test('whoever comes while much is being read waits for one of it, not for all', async (t) => {
  const { embedder, heard, waitAt, goOn } = patient()
  const settings = await waiting(t, async (app) => (await joins(app, 'Ann')).puts('A1', 'A2', 'A3', 'A4', 'A5'))
  const there = waitAt(/^A3/)
  const app = await startAgain(t, settings, embedder)
  await there
  await (await joins(app, 'Bob')).puts('B1', 'B2')
  goOn()
  await app.reading.done()
  t.same(heard, ['A1', 'A2', 'A3', 'A4', 'B1', 'A5', 'B2'])
})

t.test('a long document that gets its vectors keeps nobody’s new one from being read', async (t) => {
  const { embedder, heard, waitAt, goOn } = patient()
  const there = waitAt(/^Book/)
  const app = await startAgain(t, await settingsFor(t), embedder)
  const ann = await joins(app, 'Ann')
  const text = 'It tells of what came before it and of what is to come. '.repeat(1500)
  await ann.browser.request('POST', '/api/v1/documents', { workspace_id: ann.desk, title: 'Book', text })
  await there
  await (await joins(app, 'Bob')).puts('Note')
  goOn()
  await app.reading.done()
  const at = heard.indexOf('Note')
  t.ok(at > 0 && at < heard.lastIndexOf('Book'), 'it came in between')
  const rows = await app.db.selectFrom('documents').select(['state', 'tries']).execute()
  t.same(rows, [
    { state: 'ready', tries: 0 },
    { state: 'ready', tries: 0 }
  ])
})

t.test('others have their turn while the passages of a long document are kept', async (t) => {
  const app = await startAgain(t, await settingsFor(t))
  const ann = await joins(app, 'Ann')
  const kept = async () => (await app.db.selectFrom('passages').select('id').execute()).length
  const seen = new Set<number>()
  const text = 'It tells of what came before it and of what is to come. '.repeat(9000)
  await ann.browser.request('POST', '/api/v1/documents', { workspace_id: ann.desk, title: 'Book', text })
  while ((await documentOf(app)).state !== 'ready') {
    seen.add(await kept())
    await turn()
  }
  const all = await kept()
  t.ok(all > 300)
  t.ok([...seen].some((some) => some > 0 && some < all))
})

t.test('a new model for all the documents keeps nobody’s new one waiting', async (t) => {
  const settings = await settingsFor(t)
  const first = await buildApp(readConfig(settings), { embedder: { ...patient().embedder, id: 'before' } })
  const ann = await joins(first, 'Ann')
  await ann.puts('A1', 'A2', 'A3')
  await first.reading.done()
  await first.close()
  const { embedder, heard, waitAt, goOn } = patient()
  const there = waitAt(/^A1/)
  const second = await startAgain(t, settings, embedder)
  await there
  await (await joins(second, 'Bob')).puts('B1')
  goOn()
  await second.reading.done()
  t.same(heard, ['A1', 'B1', 'A2', 'A3'])
})

const documentOf = ({ db }: Pick<Running, 'db'>) =>
  db
    .selectFrom('documents')
    .select(['id', 'state', 'tries', 'held_by', 'held_until', 'reason'])
    .executeTakeFirstOrThrow()

/** The one document as a Carrel that was stopped has left it. */
async function leftIn(settings: Record<string, string>) {
  const db = await openDatabase(readConfig(settings))
  return documentOf({ db }).finally(() => db.destroy())
}

t.test('a stop in the middle of reading costs a document neither a try nor time', async (t) => {
  const settings = await settingsFor(t)
  const { embedder, waitAt } = patient()
  const first = await buildApp(readConfig(settings), { embedder })
  const there = waitAt(/^Lease/)
  await (await joins(first, 'Ann')).puts('Lease')
  await there
  t.match(await documentOf(first), { state: 'indexing', tries: 1, held_until: String })
  await first.close()

  t.match(await leftIn(settings), { state: 'indexing', tries: 0, held_by: null, held_until: null })
  const second = await startAgain(t, settings)
  await second.reading.done()
  t.match(await documentOf(second), { state: 'ready', tries: 0 })
})

t.test('a stop while the file itself is read costs it nothing either', async (t) => {
  const settings = await settingsFor(t)
  const first = await buildApp(readConfig(settings))
  const ann = await joins(first, 'Ann')
  await ann.browser.sendFiles('/api/v1/documents', { workspace_id: ann.desk }, [
    ['book.txt', 'It tells of what came before it and of what is to come. '.repeat(100_000)]
  ])
  while ((await documentOf(first)).state === 'pending') await turn()
  await first.close()

  t.match(await leftIn(settings), { state: 'extracting', tries: 0, held_by: null, held_until: null })
  const second = await startAgain(t, settings)
  await second.reading.done()
  t.match(await documentOf(second), { state: 'ready', tries: 0 })
})

t.test('a document that stops Carrel each time it is begun is given up, until somebody tries again', async (t) => {
  const settings = await waiting(t, async (app) => (await joins(app, 'Ann')).puts('Lease'))
  const before = await startAgain(t, { ...settings, LOG_LEVEL: 'silent' })
  await before.reading.done()
  await before.db
    .updateTable('documents')
    .set({ state: 'extracting', tries: 3, held_by: 'gone', held_until: null })
    .execute()
  await before.close()

  const app = await startAgain(t, settings)
  await app.reading.done()
  t.match(await documentOf(app), { state: 'failed', held_by: null })
  const ann = new Browser(app)
  await ann.submit('/login', { email: 'ann@example.com', password })
  const { id } = await documentOf(app)
  const shown = (await ann.open(`/api/v1/documents/${id}`)).json()
  t.match(shown, { status: 'failed', error: /Carrel was stopped each time/ })
  t.equal((await ann.api('POST', `/api/v1/documents/${id}/retry`)).statusCode, 200)
  await app.reading.done()
  t.match(await documentOf(app), { state: 'ready', tries: 0 })
})

t.test('nobody saves more than a few pages at once, and that keeps nobody else from it', async (t) => {
  const { app, person } = await startApp(t, { FETCH_ALLOW: '127.0.0.1' })
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const [flat, shop] = [await ann.makesWorkspace('Flat'), await bob.makesWorkspace('Shop')]
  const asked = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  let waiting = 0
  const site = await webSite(t, async ({ url }, response) => {
    if (url?.startsWith('/slow')) {
      waiting += 1
      if (waiting === 3) asked.resolve()
      await letGo.promise
    }
    sends(`${story} ${url}`)(undefined, response)
  })
  const saves = (who: Browser, workspace_id: string, path: string) =>
    who.api('POST', '/api/v1/documents', { workspace_id, url: `${site.url}${path}` })

  const slow = [1, 2, 3].map((n) => saves(ann, flat, `/slow${n}`))
  await asked.promise
  const fourth = await saves(ann, flat, '/quick')
  t.match(fourth, { statusCode: 429, headers: { 'retry-after': /^\d+$/ } })
  t.match(fourth.json(), { code: 'TOO_MANY', message: /saving 3 pages already/ })
  const form = await ann.submit(`/workspaces/${flat}/documents`, { url: `${site.url}/quick` })
  t.match(form, { statusCode: 429, body: /saving 3 pages already/ })
  t.match(form.body, `value="${site.url}/quick"`, 'and what was typed is still there')
  t.equal((await saves(bob, shop, '/quick')).statusCode, 201)

  letGo.resolve()
  for (const answer of await Promise.all(slow)) t.equal(answer.statusCode, 201)
  t.equal((await saves(ann, flat, '/quick')).statusCode, 201)
  await app.reading.done()
})
