import t from 'tap'
import { newId } from '../../src/ids.ts'
import { promptsFor } from '../../src/prompts/offered.ts'
import { type Browser, seen } from '../support/browser.ts'
import { type Carrel, startApp } from '../support/carrel.ts'
import { attributesOf, elementsOf, textIn } from '../support/html.ts'
import { plansOf } from '../support/plans.ts'

/** Ann and Bob in a workspace of hers with something to ask about, and a chat there for each. */
async function sharedFlat({ person }: Carrel) {
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const flat = await ann.makesWorkspace('The flat')
  await bob.accepts(await ann.invites(flat, 'viewer'))
  await ann.puts(flat, 'Lease', 'The rent is due on the third working day.')
  const chatOf = async (who: Browser) => {
    const chat = (await who.api('POST', '/api/v1/chats', { workspace_id: flat })).json().id
    return `/workspaces/${flat}/chats/${chat}`
  }
  return { ann, bob, flat, workspace: `/workspaces/${flat}`, chat: await chatOf(ann), bobsChat: await chatOf(bob) }
}

const keeps = async (who: Browser, title: string, more: object = {}): Promise<string> =>
  (await who.api('POST', '/api/v1/prompts', { title, text: `${title}?`, ...more })).json().id

/** What is in the box for a question, and which prompts stand beside it with where they lead. */
async function asking(who: Browser, path: string) {
  const elements = elementsOf((await who.open(path)).body)
  const box = elements.find((one) => attributesOf(one).name === 'question')
  const links = elements
    .filter(({ tagName }) => tagName === 'a')
    .filter((link) => attributesOf(link).href?.includes('prompt='))
  return {
    box: box && textIn(box),
    titles: links.map((link) => textIn(link)),
    hrefs: links.map((link) => attributesOf(link).href as string)
  }
}

t.test('wherever one asks, a link puts a prompt into the box', async (t) => {
  const carrel = await startApp(t)
  const { ann, workspace, chat } = await sharedFlat(carrel)
  for (const page of [workspace, chat]) t.match(await asking(ann, page), { box: '', titles: [] }, page)
  await keeps(ann, 'Rent')
  await keeps(ann, 'Heating')
  for (const page of [workspace, chat]) {
    const { box, titles, hrefs } = await asking(ann, page)
    t.same([box, titles], ['', ['Heating', 'Rent']], page)
    t.same((await asking(ann, hrefs[1] as string)).box, 'Rent?', page)
  }
  const tag = (await ann.api('POST', '/api/v1/tags', { name: 'home' })).json().id
  const narrowed = await asking(ann, `${workspace}?tag=${tag}`)
  const filled = await ann.open(narrowed.hrefs[0] as string)
  t.match(filled.body, /Heating\?<\/textarea>.*tagged “home”/s, 'and what it is narrowed to stays')
})

t.test('a refused question stays as it was typed, with the prompts beside it', async (t) => {
  const carrel = await startApp(t)
  const { ann, chat } = await sharedFlat(carrel)
  const id = await keeps(ann, 'Rent')
  const refused = await ann.submit(`${chat}/messages`, { question: 'My own', tags: 'nowhere' })
  t.match(refused, { statusCode: 422, body: /My own<\/textarea>/ })
  t.match(refused.body, `href="${chat}?prompt=${id}#question"`)
})

t.test('what was kept is text, whatever it looks like', async (t) => {
  const carrel = await startApp(t)
  const { ann, workspace, chat } = await sharedFlat(carrel)
  const hostile = '</textarea><script>alert("1")</script>{{ 7 * 7 }}\n<b onclick=x>'
  const id = await keeps(ann, '<img src=x onerror=alert(1)>"\'', { text: hostile })
  for (const page of [workspace, chat]) {
    const { box, titles } = await asking(ann, `${page}?prompt=${id}`)
    t.same([box, titles], [hostile, ['<img src=x onerror=alert(1)>"\'']], page)
  }
  for (const page of [workspace, chat, '/prompts', `/prompts/${id}`]) {
    t.notMatch((await ann.open(`${page}?prompt=${id}`)).body, /<script>|<img|<b onclick/, page)
  }
})

t.test('somebody else’s prompt fills nothing, exactly as one that never was', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, flat, workspace, bobsChat } = await sharedFlat(carrel)
  const [hers, forAll] = [await keeps(ann, 'Heliotrope', { workspace_id: flat }), await keeps(ann, 'Heliotrope too')]
  for (const page of [workspace, bobsChat]) {
    const plain = seen(await bob.open(page))
    t.notMatch(plain.body, 'Heliotrope')
    for (const id of [hers, forAll, newId()]) t.same(seen(await bob.open(`${page}?prompt=${id}`)), plain, page)
    t.match(await asking(bob, page), { box: '', titles: [] })
    t.equal((await bob.open(`${page}?prompt=x`)).statusCode, 400)
  }
})

t.test('a prompt for one workspace is offered there alone, until one has left it', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, flat, workspace } = await sharedFlat(carrel)
  const garden = await bob.makesWorkspace('The garden')
  await bob.puts(garden, 'Plan', 'Beans beside the fence.')
  const id = await keeps(bob, 'Rent', { workspace_id: flat })
  await keeps(bob, 'Everywhere')
  t.same((await asking(bob, workspace)).titles, ['Everywhere', 'Rent'])
  t.match(await asking(bob, `/workspaces/${garden}?prompt=${id}`), { box: '', titles: ['Everywhere'] })

  await ann.submit(`${workspace}/members/${(await bob.me()).id}/remove`)
  t.match(await asking(bob, `/workspaces/${garden}?prompt=${id}`), { box: 'Rent?', titles: ['Everywhere', 'Rent'] })
  t.equal((await bob.open(`${workspace}?prompt=${id}`)).statusCode, 404)
})

t.test('the twenty newest are offered, and a link leads to all of them', async (t) => {
  const carrel = await startApp(t)
  const { ann, flat, workspace } = await sharedFlat(carrel)
  const ids: string[] = []
  for (let n = 1; n <= 21; n += 1) ids.push(await keeps(ann, `Number ${n}`))
  const { titles } = await asking(ann, workspace)
  t.same([titles.length, titles[0], titles.at(-1)], [20, 'Number 21', 'Number 2'])
  t.equal((await asking(ann, `${workspace}?prompt=${ids[0]}`)).box, 'Number 1?', 'an older one can be filled in too')
  t.match((await ann.open(workspace)).body, `href="/prompts?workspace=${flat}"`)
  t.match((await ann.open(`/prompts?workspace=${flat}`)).body, `<option value="${flat}" selected>`)
})

t.test('a question that was asked is kept with one click, by whose it is', async (t) => {
  const carrel = await startApp(t)
  const { ann, bob, flat, chat } = await sharedFlat(carrel)
  const question = `When is the rent due?\n${'And then? '.repeat(30).trim()}`
  await ann.submit(`${chat}/messages`, { question })
  await carrel.app.answering.idle()
  const [, act] = /action="([^"]+\/keep)"/.exec((await ann.open(chat)).body) ?? []
  const refused = seen(await bob.submit(act as string))
  t.equal(refused.statusCode, 404)
  t.same(seen(await bob.submit(`${chat}/messages/${newId()}/keep`)), refused)
  const kept = await ann.submit(act as string)
  t.equal(kept.statusCode, 303)
  const [prompt] = (await ann.open('/api/v1/prompts')).json().items
  t.equal(kept.headers.location, `/prompts/${prompt.id}`)
  t.match(prompt, { title: /^When is the rent due\? And then\?.{40,60}…$/, workspace_id: flat })
  t.equal(prompt.text.replaceAll('\r', ''), question)
  t.same((await bob.open('/api/v1/prompts')).json().items, [])
})

if (!process.env.CARREL_TEST_POSTGRES) {
  t.test('what is offered costs one look through the index of one’s own', async (t) => {
    const { app } = await startApp(t)
    const newest = (db: typeof app.db) =>
      promptsFor(db, newId(), newId()).select(['prompts.id', 'title']).orderBy('prompts.id', 'desc').limit(20).execute()
    const [plan] = await plansOf(app.db, newest)
    t.match(plan, 'SEARCH prompts USING INDEX prompts_of_account (account_id=?)')
    t.notMatch(plan, /SCAN|TEMP B-TREE/)
  })
}
