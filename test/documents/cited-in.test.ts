import t from 'tap'
import type { Browser } from '../support/browser.ts'
import { startApp } from '../support/carrel.ts'

type Cited = { id: string; chat_id: string; title: string }

/** Somebody asks in a chat of their own, and waits for the answer. */
async function asks(browser: Browser, workspace_id: string, title: string, ...questions: string[]) {
  const { id } = (await browser.api('POST', '/api/v1/chats', { workspace_id, title })).json()
  for (const content of questions) await browser.api('POST', `/api/v1/chats/${id}/messages`, { content })
  return id as string
}

t.test('a document shows where one’s own answers cite it, and nobody else’s', async (t) => {
  const { person } = await startApp(t)
  const [ann, bob, dora] = [await person('Ann'), await person('Bob'), await person('Dora')]
  const flat = await ann.makesWorkspace('Flat')
  await bob.accepts(await ann.invites(flat, 'viewer'))
  const lease = await ann.puts(flat, 'Lease', 'The landlord repairs the boiler.')
  const rules = await ann.puts(flat, 'Rules', 'Bicycles belong in the cellar.')
  const cited = async (who: Browser, id: string): Promise<Cited[]> =>
    (await who.open(`/api/v1/documents/${id}/citations`)).json().items
  t.same(await cited(ann, lease), [])
  t.notMatch((await ann.open(`/workspaces/${flat}/documents/${lease}`)).body, /Cited in/i)

  const chat = await asks(ann, flat, 'The boiler', 'Who repairs the boiler?')
  await asks(ann, flat, 'Nothing of it', 'Where do bicycles belong?')
  await asks(bob, flat, 'Secret of Bob', 'Who repairs the boiler?')
  t.match(await cited(ann, lease), [{ chat_id: chat, title: 'The boiler', id: String }])
  t.match(await cited(ann, rules), [{ title: 'Nothing of it' }])
  t.match(await cited(bob, lease), [{ title: 'Secret of Bob' }])
  t.same(await cited(bob, rules), [])
  t.equal((await dora.open(`/api/v1/documents/${lease}/citations`)).statusCode, 404)

  const { body } = await ann.open(`/workspaces/${flat}/documents/${lease}`)
  t.notMatch(body, 'Secret of Bob')
  const link = new RegExp(`href="(/workspaces/${flat}/chats/${chat}\\?at=[^#]+)#(m-[^"]+)"><b>The boiler</b>`).exec(
    body
  )
  t.match((await ann.open(link?.[1] as string)).body, `id="${link?.[2]}">Who repairs the boiler?`)

  await ann.submit(`/workspaces/${flat}/chats/${chat}/delete`)
  t.same(await cited(ann, lease), [], 'a chat that is gone cites nothing')
})

t.test('the newest come first, ten at a time', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const id = await ann.puts(flat, 'Lease', 'The landlord repairs the boiler.')
  await asks(ann, flat, 'First', ...Array<string>(6).fill('Who repairs the boiler?'))
  await asks(ann, flat, 'Second', ...Array<string>(6).fill('Who repairs the boiler?'))
  const titles = (items: Cited[]) => items.map(({ title }) => title)
  const first = (await ann.open(`/api/v1/documents/${id}/citations?limit=7`)).json()
  t.same(titles(first.items), [...Array(6).fill('Second'), 'First'])
  const rest = (await ann.open(`/api/v1/documents/${id}/citations?limit=7&cursor=${first.next_cursor}`)).json()
  t.same([titles(rest.items), rest.next_cursor], [Array(5).fill('First'), null])

  const page = `/workspaces/${flat}/documents/${id}`
  const shown = (body: string) => [...body.matchAll(/#m-[^"]+"><b>(\w+)/g)].map(([, title]) => title)
  const { body } = await ann.open(page)
  t.equal(shown(body).length, 10)
  const older = /href="(\?from=1&amp;cited=[^"#]+)#cited">Older ones/.exec(body)?.[1]?.replace('&amp;', '&')
  t.same(shown((await ann.open(page + older)).body), ['First', 'First'])
})
