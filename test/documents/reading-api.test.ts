import t from 'tap'
import { startApp } from '../support/carrel.ts'

const chapters = ['lamp', 'oil', 'wick', 'glass', 'shade'].map(
  (name) =>
    `# The ${name}\n\n${`The ${name} is looked after by its keeper every single day of the year. `.repeat(20).trim()}`
)

async function lighthouse(t: Parameters<typeof startApp>[0]) {
  const carrel = await startApp(t)
  const ann = await carrel.person('Ann')
  const workspace = await ann.makesWorkspace('The lighthouse')
  const document = await ann.puts(workspace, 'Handbook', chapters.join('\n\n'))
  return { ...carrel, ann, workspace, path: `/api/v1/documents/${document}` }
}

t.test('a program reads what a document says, in its order and page by page', async (t) => {
  const { ann, path } = await lighthouse(t)
  const whole = (await ann.open(`${path}/passages`)).json()
  t.equal(whole.next_cursor, null)
  t.same(
    whole.items.map(({ n }: { n: number }) => n),
    whole.items.map((_: unknown, index: number) => index + 1)
  )
  t.match(whole.items[0], { id: /^[0-9a-f-]{36}$/, page: null, text: /^The lamp\n\nThe lamp is looked after/ })

  const read: unknown[] = []
  let cursor: string | null = '1'
  while (cursor) {
    const page: { items: unknown[]; next_cursor: string | null } = (
      await ann.open(`${path}/passages?limit=2&cursor=${cursor}`)
    ).json()
    t.ok(page.items.length <= 2)
    read.push(...page.items)
    cursor = page.next_cursor
  }
  t.same(read, whole.items, 'the pages make up the whole')
  t.same((await ann.open(`${path}/passages?cursor=1000`)).json(), { items: [], next_cursor: null })
  for (const query of ['cursor=0', 'cursor=x', 'cursor=99999999999', 'limit=101'])
    t.equal((await ann.open(`${path}/passages?${query}`)).statusCode, 400, query)
})

t.test('a program downloads the original, which no browser will show, and that is written down', async (t) => {
  const { app, ann, workspace } = await lighthouse(t)
  const page = '<!doctype html><script>alert(1)</script><p>The lamp.'
  const added = await ann.sendFiles('/api/v1/documents', { workspace_id: workspace }, [['lamp.html', page]])
  const { id } = added.json()
  const answer = await ann.open(`/api/v1/documents/${id}/original`)
  t.equal(answer.body, page)
  t.match(answer.headers, {
    'content-type': 'application/octet-stream',
    'content-disposition': /^attachment; filename="document-/,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff'
  })
  t.equal(answer.body, (await ann.open(`/workspaces/${workspace}/documents/${id}/original`)).body, 'as by the page')
  const noted = await app.db
    .selectFrom('audit_events')
    .select('subject')
    .where('event', '=', 'document.downloaded')
    .execute()
  t.same(noted, [{ subject: id }, { subject: id }])
})

t.test('a key for the workspace reads it, one for elsewhere is told it is not there', async (t) => {
  const { ann, workspace, path, visitor } = await lighthouse(t)
  const keyFor = async (workspace_id: string) =>
    (await ann.api('POST', '/api/v1/api-keys', { name: 'A script', scopes: ['read'], workspace_id })).json().key
  const here = { 'x-api-key': await keyFor(workspace) }
  const elsewhere = { 'x-api-key': await keyFor(await ann.makesWorkspace('Elsewhere')) }
  for (const what of ['passages', 'original']) {
    t.equal((await visitor().request('GET', `${path}/${what}`, undefined, here)).statusCode, 200, what)
    t.equal((await visitor().request('GET', `${path}/${what}`, undefined, elsewhere)).statusCode, 404, what)
  }
})
