import type { Test } from 'tap'
import { type Carrel, password, startApp } from './carrel.ts'
import { linksElsewhere } from './elsewhere.ts'

/** Ids and secrets of what stands on a desk, by the names that routes have for them. */
export type Ids = Record<string, string>

const aProgram = {
  upload_name: 'A loader',
  tags: { model_name: 'none', is_cot: false, document_count: 1, more: 2 }
}

/** A desk with something of everything on it, read and answered. */
export async function fill(carrel: Carrel) {
  const { app, visitor, person } = carrel
  const ann = visitor()
  const newcomer = {
    firstName: 'Ann',
    lastName: 'Arbor',
    email: 'ann.arbor@example.com',
    username: 'ann',
    password,
    context: { answers: 'short' }
  }
  await ann.api('POST', '/api/auth/signup', newcomer)
  const bob = await person('Bob')
  const made = async (url: string, body: object) => (await ann.api('POST', url, body)).json()
  const workspaceId = await ann.makesWorkspace('The flat')
  await bob.accepts(await ann.invites(workspaceId, 'viewer'))
  await ann.invites(workspaceId, 'viewer')
  await ann.puts(workspaceId, 'Broken', `{\\rtf1 ${'\u0001'.repeat(50)}`)
  const documentId = await ann.puts(workspaceId, 'Lease', '# Rent\n\nThe deposit is two months of rent.', ['flat'])
  const memoryId = (await made('/api/v1/memories', { text: 'I rent a flat in Leeds.' })).id
  const chatId = (await made('/api/v1/chats', { workspace_id: workspaceId })).id
  const question = { content: 'I live in Leeds. How much is the deposit of the flat I rent?', tags: ['flat'] }
  const messageId = (await made(`/api/v1/chats/${chatId}/messages`, question)).answer.id
  await app.memory.idle()
  const prompt = { title: 'The deposit', text: 'How much is the deposit?', workspace_id: workspaceId }
  const promptId = (await made('/api/v1/prompts', prompt)).id
  const first = async (url: string) => (await ann.open(url)).json().items[0].id
  const elsewhere = await visitor().api('POST', '/api/v1/auth/login', { username: 'ann', password })
  const sessionId = await first('/api/v1/sessions')
  const ids: Ids = {
    ...{ workspaceId, documentId, memoryId, promptId, chatId, messageId, sessionId },
    refreshToken: elsewhere.json().refresh_token,
    ownerId: (await ann.me()).id,
    accountId: (await bob.me()).id,
    code: await bob.invites((await bob.me()).room.roomId, 'editor'),
    identityId: await linksElsewhere(app.db, (await ann.me()).id),
    tagId: await first('/api/v1/tags'),
    taskId: await first('/api/v1/tasks'),
    inviteId: await first('/api/v1/invites'),
    keyId: (await made('/api/v1/api-keys', { name: 'A script', scopes: ['read'], workspace_id: workspaceId })).id,
    instanceId: (await made('/api/v1/instances', { ...aProgram, email: 'ann@example.com' })).instance_id
  }
  return { ...carrel, ann, bob, ids }
}

export const fullDesk = async (t: Test) => fill(await startApp(t))
