import t from 'tap'
import { newId } from '../src/ids.ts'
import { type Browser, seen } from './support/browser.ts'
import { type Carrel, startApp } from './support/carrel.ts'
import { linksElsewhere } from './support/elsewhere.ts'

type Ids = Record<string, string>

/** A desk where everything is called by one word: what was put there, asked, answered, remembered. */
async function furnish({ app }: Carrel, who: Browser, word: string, shared: string): Promise<Ids> {
  const workspaceId = await who.makesWorkspace(`The ${word} papers`)
  const documentId = await who.puts(workspaceId, `${word} rules`, `The ${word} hangs behind the cellar door.`, [word])
  await who.puts(shared, `${word} shared`, `Everybody may read that the gantry is green.`, [`${word} tag`])
  const tagId = (await who.open('/api/v1/tags')).json().items[0].id
  const memoryId = (await who.api('POST', '/api/v1/memories', { text: `I look after the ${word}.` })).json().id
  const prompt = { title: `The ${word}`, text: `Where is the ${word}?`, workspace_id: shared }
  const promptId = (await who.api('POST', '/api/v1/prompts', prompt)).json().id
  const asks = async (workspace_id: string, content: string) => {
    const chatId = (await who.api('POST', '/api/v1/chats', { workspace_id, title: `On the ${word}` })).json().id
    const { answer } = (await who.api('POST', `/api/v1/chats/${chatId}/messages`, { content })).json()
    return { chatId, messageId: answer.id }
  }
  await asks(shared, `Does the ${word} know what colour the gantry is?`)
  const { chatId, messageId } = await asks(workspaceId, `Where does the ${word} hang?`)
  await app.memory.idle()
  const code = await who.invites(workspaceId, 'viewer')
  const first = async (url: string) => (await who.open(url)).json().items[0].id
  const [inviteId, taskId, sessionId] = [
    await first('/api/v1/invites'),
    await first('/api/v1/tasks'),
    await first('/api/v1/sessions')
  ]
  const accountId = (await who.me()).id
  const scopes = ['read', 'write', 'profile', 'email']
  const keyId = (await who.api('POST', '/api/v1/api-keys', { name: `A ${word} script`, scopes })).json().id
  const tags = { model_name: word, is_cot: false, document_count: 1 }
  const program = { upload_name: `The ${word} loader`, description: `It counts the ${word}.`, tags }
  const instanceId = (await who.api('POST', '/api/v1/instances', program)).json().instance_id
  const identityId = await linksElsewhere(app.db, accountId)
  return {
    ...{ workspaceId, documentId, tagId, memoryId, chatId, messageId, inviteId, taskId, sessionId, accountId, code },
    ...{ keyId, instanceId, identityId, promptId }
  }
}

/** Every address that can be looked at, with these ids; and each kind of search for the words of both. */
function addresses({ app }: Carrel, ids: Ids, shared: string): string[] {
  const routes = app.routeTable.filter(({ method }) => method === 'GET').map(({ url }) => url)
  const plain = routes.map((url) => url.replaceAll(/:(\w+)/g, (_, name) => ids[name] ?? newId()))
  const here = [ids.workspaceId, shared]
  const searches = ['heliotrope', 'windlass', 'gantry'].flatMap((q) => [
    ...here.map((id) => `/workspaces/${id}/search?q=${q}`),
    ...here.map((id) => `/workspaces/${id}/chats?q=${q}`),
    ...here.map((id) => `/api/v1/search?workspace_id=${id}&q=${q}`),
    `/api/v1/chats?q=${q}`,
    `/api/v1/memories?q=${q}`,
    `/memory?q=${q}`
  ])
  const filled = here.map((id) => `/workspaces/${id}?prompt=${ids.promptId}`)
  return [...plain, ...here.map((id) => `/workspaces/${id}`), ...filled, ...searches, '/api/v1/documents?limit=100']
}

async function look(who: Browser, all: string[]) {
  const answers = new Map<string, ReturnType<typeof seen>>()
  for (const url of all) answers.set(url, seen(await who.open(url)))
  return answers
}

t.test('whatever Ann does, nothing that Bob can look at changes by a byte, or says a word of it', async (t) => {
  const carrel = await startApp(t)
  const [ann, bob, cleo] = [await carrel.person('Ann'), await carrel.person('Bob'), await carrel.person('Cleo')]
  const shared = await cleo.makesWorkspace('Shared')
  for (const who of [ann, bob]) await who.accepts(await cleo.invites(shared, 'editor'))
  const bobs = await furnish(carrel, bob, 'windlass', shared)
  const own = addresses(carrel, bobs, shared)
  await look(bob, own)
  // What both may read is another matter: it is here before Bob looks.
  await ann.puts(shared, 'Common', 'Ann has put this here for everybody: the gantry was red.')
  const before = await look(bob, own)
  t.ok(
    [...before.values()].some(({ body }) => body.includes('windlass')),
    'he does see what is his'
  )

  const anns = await furnish(carrel, ann, 'heliotrope', await ann.makesWorkspace('Not shared'))
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: shared, title: 'A heliotrope chat' })).json().id
  await ann.api('POST', `/api/v1/chats/${chat}/messages`, { content: 'Is the heliotrope of the colour of the gantry?' })
  await ann.api('POST', `/api/v1/documents/${anns.documentId}/retry`)
  await ann.api('DELETE', `/api/v1/documents/${anns.documentId}`)
  await carrel.app.memory.idle()
  const after = await look(bob, own)
  for (const [url, answer] of after) {
    t.same(answer, before.get(url), url)
    if (!url.includes('heliotrope')) t.notMatch(JSON.stringify(answer), /heliotrope/i, url)
  }

  const routes = carrel.app.routeTable.filter(({ method, url }) => method === 'GET' && url.includes(':'))
  for (const { url } of routes) {
    const hers = await bob.open(url.replaceAll(/:(\w+)/g, (_, name) => anns[name] ?? newId()))
    t.notMatch(JSON.stringify(seen(hers)), /heliotrope/i, `${url} with ids of hers`)
  }
})
