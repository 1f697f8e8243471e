import { newId } from '../../src/ids.ts'
import type { Browser } from '../support/browser.ts'
import type { Carrel } from '../support/carrel.ts'
import { linksElsewhere } from '../support/elsewhere.ts'
import { aProgram, aPrompt, type IdName, type Ids, nowhere } from './table.ts'

/** A workspace of the owner's with an editor and a viewer, somebody else in it, and an open invite to it. */
export async function furnish(
  carrel: Carrel,
  people: Record<'owner' | 'editor' | 'viewer', Browser>,
  other: Browser,
  route = ''
): Promise<Ids> {
  const { owner, editor, viewer } = people
  const workspaceId = await owner.makesWorkspace('Home papers')
  for (const [browser, role] of [
    [editor, 'editor'],
    [viewer, 'viewer'],
    [other, 'editor']
  ] as const) {
    await browser.accepts(await owner.invites(workspaceId, role))
  }
  const code = await owner.invites(workspaceId, 'viewer', { uses: 9 })
  const first = async (url: string) => (await owner.open(url)).json().items[0].id
  const db = carrel.app.db
  const account = await owner.me()
  const spare = await db
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', account.id)
    .executeTakeFirstOrThrow()
  const sessionId = newId()
  await db
    .insertInto('sessions')
    .values({ ...spare, id: sessionId, token_hash: sessionId })
    .execute()
  // There are many routes; what only some of them name is only made for these.
  const named = async (name: IdName, make: () => Promise<string>) =>
    route === '' || route.includes(`:${name}`) ? make() : nowhere
  const made = async (url: string, body: object) => (await owner.api('POST', url, body)).json().id
  const chatId = await named('chatId', () => made('/api/v1/chats', { workspace_id: workspaceId }))
  const ask = () => owner.api('POST', `/api/v1/chats/${chatId}/messages`, { content: 'Why?' })
  return {
    workspaceId,
    chatId,
    messageId: await named('messageId', async () => (await ask()).json().answer.id),
    documentId: await named('documentId', () =>
      made('/api/v1/documents', { workspace_id: workspaceId, text: newId(), tags: [newId()] })
    ),
    tagId: await named('tagId', () => made('/api/v1/tags', { name: newId() })),
    promptId: await named('promptId', () => made('/api/v1/prompts', aPrompt)),
    memoryId: await named('memoryId', () => made('/api/v1/memories', { text: newId() })),
    keyId: await named('keyId', () => made('/api/v1/api-keys', { name: 'A script', scopes: ['read'] })),
    instanceId: await named('instanceId', async () => {
      const program = { ...aProgram, workspace_id: workspaceId }
      return (await owner.api('POST', '/api/v1/instances', program)).json().instance_id
    }),
    identityId: await named('identityId', () => linksElsewhere(carrel.app.db, account.id)),
    accountId: (await other.me()).id,
    inviteId: await first('/api/v1/invites'),
    taskId: await first('/api/v1/tasks'),
    sessionId,
    code
  }
}
