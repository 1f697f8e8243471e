import { newId } from '../../src/ids.ts'

export type Who = 'nobody' | 'stranger' | 'viewer' | 'editor' | 'owner'
type Expected = Record<Who, number>
export type IdName =
  | 'workspaceId'
  | 'accountId'
  | 'inviteId'
  | 'taskId'
  | 'sessionId'
  | 'documentId'
  | 'tagId'
  | 'chatId'
  | 'messageId'
  | 'memoryId'
  | 'promptId'
  | 'keyId'
  | 'instanceId'
  | 'identityId'
  | 'code'
export type Ids = Record<IdName, string>
/** `program` is what the owner's program is answered, where that differs from what the owner is by a cookie. */
type Row = { expected: Expected; program?: number; body?: (ids: Ids) => object }

const each = (nobody: number, stranger: number, viewer: number, editor: number, owner: number): Expected => ({
  nobody,
  stranger,
  viewer,
  editor,
  owner
})
const page = {
  open: each(200, 200, 200, 200, 200),
  own: each(303, 200, 200, 200, 200),
  done: each(303, 303, 303, 303, 303)
}
const api = {
  own: each(401, 200, 200, 200, 200),
  theirs: each(401, 404, 404, 404, 200),
  gone: each(401, 404, 404, 404, 204)
}
const ownersForm = each(303, 404, 403, 403, 303)
const membersPage = each(303, 404, 200, 200, 200)
const addersPage = each(303, 404, 403, 200, 200)
const changersPage = each(303, 404, 403, 403, 200)
const ownersPage = each(303, 404, 404, 404, 200)
const ownersOwn = each(303, 404, 404, 404, 303)
export const nowhere = '01900000-0000-7000-8000-000000000000'
export const samePassword = { current_password: 'four unrelated words', password: 'four unrelated words' }
const nobodys = { email: 'nobody@example.com', password: 'nobody at all here' }

export const aProgram = { upload_name: 'A loader', tags: { model_name: 'none', is_cot: false, document_count: 0 } }

export const aPrompt = { title: 'What is due', text: 'What is due this month?' }

/** What each route answers to whom. A route that is missing here fails the test. */
export const table: Record<string, Row> = {
  'GET /health': { expected: page.open },
  'GET /ready': { expected: page.open },
  'GET /': { expected: page.open },
  'GET /register': { expected: each(200, 303, 303, 303, 303) },
  'POST /register': { expected: each(422, 422, 422, 422, 422), body: () => ({}) },
  'GET /login': { expected: each(200, 303, 303, 303, 303) },
  'POST /login': { expected: each(422, 422, 422, 422, 422), body: () => nobodys },
  'POST /logout': { expected: page.done },
  'GET /setup': { expected: each(404, 404, 404, 404, 404) },
  'POST /setup': { expected: each(422, 422, 422, 422, 422), body: () => ({}) },
  'GET /verify-email': { expected: each(404, 404, 404, 404, 404) },
  'POST /verify-email': {
    expected: each(404, 404, 404, 404, 404),
    body: () => ({ token: 'unknown', password: 'none' })
  },
  'POST /api/auth/signup': { expected: each(400, 400, 400, 400, 400), body: () => ({}) },
  'POST /api/v1/auth/login': { expected: each(401, 401, 401, 401, 401), body: () => nobodys },
  'POST /api/v1/auth/refresh': {
    expected: each(401, 401, 401, 401, 401),
    body: () => ({ refresh_token: 'crr_unknown' })
  },
  'GET /api/v1/auth/me': { expected: api.own },
  'GET /api/v1/username': { expected: api.own },
  'PATCH /api/v1/auth/me': { expected: api.own, body: () => ({ firstName: 'New' }) },
  'PATCH /api/v1/auth/password': { expected: each(401, 204, 204, 204, 204), body: () => samePassword },
  'GET /login/with/:provider': { expected: each(404, 404, 404, 404, 404) },
  'POST /login/with/:provider': { expected: each(404, 404, 404, 404, 404), body: () => ({ next: '/tasks' }) },
  'GET /login/with/:provider/callback': { expected: each(404, 404, 404, 404, 404) },
  'GET /login/link': { expected: page.done },
  'POST /login/link': { expected: page.done, body: () => ({ password: 'none' }) },
  'POST /settings/identities/:identityId/unlink': { expected: each(303, 404, 404, 404, 303) },
  'GET /api/v1/identities': { expected: api.own },
  'DELETE /api/v1/identities/:identityId': { expected: api.gone },
  'GET /settings/profile': { expected: page.own },
  'POST /settings/profile': {
    expected: page.done,
    body: () => ({ firstName: 'New', lastName: 'Name', username: newId().slice(-12) })
  },
  'GET /settings/password': { expected: page.own },
  'POST /settings/password': { expected: page.done, body: () => samePassword },
  'POST /api/v1/auth/logout': { expected: each(401, 204, 204, 204, 204) },

  'GET /settings/sessions': { expected: page.own },
  'POST /settings/sessions/:sessionId/end': { expected: each(303, 404, 404, 404, 303) },
  'POST /settings/sessions/end-others': { expected: page.done },
  'GET /api/v1/sessions': { expected: api.own },
  'DELETE /api/v1/sessions': { expected: each(401, 204, 204, 204, 204) },
  'GET /api/v1/sessions/:sessionId': { expected: api.theirs },
  'DELETE /api/v1/sessions/:sessionId': { expected: api.gone },

  'GET /settings/api-keys': { expected: page.own },
  'POST /settings/api-keys': {
    expected: page.done,
    body: () => ({ name: 'A script', scopes: 'read', expires: 'never' })
  },
  'POST /settings/api-keys/:keyId/revoke': { expected: ownersOwn },
  'GET /api/v1/api-keys': { expected: api.own },
  'POST /api/v1/api-keys': {
    expected: each(401, 201, 201, 201, 201),
    body: () => ({ name: 'A script', scopes: ['read'] })
  },
  'GET /api/v1/api-keys/:keyId': { expected: api.theirs },
  'PATCH /api/v1/api-keys/:keyId': { expected: api.theirs, body: () => ({ name: 'Renamed' }) },
  'DELETE /api/v1/api-keys/:keyId': { expected: api.gone },

  'GET /settings/instances': { expected: page.own },
  'POST /settings/instances': { expected: page.done, body: () => ({ upload_name: 'A loader' }) },
  'GET /settings/instances/:instanceId': { expected: ownersPage },
  'POST /settings/instances/:instanceId': { expected: ownersOwn, body: () => ({ upload_name: 'A loader' }) },
  'POST /settings/instances/:instanceId/rotate': { expected: ownersOwn },
  'POST /settings/instances/:instanceId/disable': { expected: ownersOwn },
  'POST /settings/instances/:instanceId/enable': { expected: ownersOwn },
  'POST /settings/instances/:instanceId/delete': { expected: ownersOwn },
  'GET /api/v1/instances': { expected: api.own },
  'POST /api/v1/instances': {
    expected: each(401, 404, 403, 201, 201),
    body: ({ workspaceId }) => ({ ...aProgram, workspace_id: workspaceId })
  },
  'GET /api/v1/instances/:instanceId': { expected: api.theirs },
  'PATCH /api/v1/instances/:instanceId': { expected: api.theirs, body: () => ({ disabled: true }) },
  'POST /api/v1/instances/:instanceId/rotate': { expected: api.theirs },
  'DELETE /api/v1/instances/:instanceId': { expected: api.gone },

  'GET /room': { expected: page.done },
  'GET /workspaces': { expected: page.own },
  'GET /workspaces/new': { expected: page.own },
  'POST /workspaces': { expected: page.done, body: () => ({ name: 'Another' }) },
  'GET /workspaces/:workspaceId': { expected: each(303, 404, 200, 200, 200) },
  'GET /workspaces/:workspaceId/settings': { expected: each(303, 404, 200, 200, 200) },
  'POST /workspaces/:workspaceId': { expected: ownersForm, body: () => ({ name: 'Renamed' }) },
  'GET /workspaces/:workspaceId/delete': { expected: each(303, 404, 403, 403, 200) },
  'POST /workspaces/:workspaceId/delete': { expected: ownersForm },
  'POST /workspaces/:workspaceId/leave': { expected: each(303, 404, 303, 303, 409) },
  'POST /workspaces/:workspaceId/members/:accountId': { expected: ownersForm, body: () => ({ role: 'viewer' }) },
  'POST /workspaces/:workspaceId/members/:accountId/remove': { expected: ownersForm },
  'GET /api/v1/workspaces': { expected: api.own },
  'POST /api/v1/workspaces': { expected: each(401, 201, 201, 201, 201), body: () => ({ name: 'Another' }) },
  'GET /api/v1/workspaces/:workspaceId': { expected: each(401, 404, 200, 200, 200) },
  'PATCH /api/v1/workspaces/:workspaceId': { expected: each(401, 404, 403, 403, 200), body: () => ({ name: 'New' }) },
  'DELETE /api/v1/workspaces/:workspaceId': { expected: each(401, 404, 403, 403, 204) },
  'GET /api/v1/workspaces/:workspaceId/members': { expected: each(401, 404, 200, 200, 200) },
  'PATCH /api/v1/workspaces/:workspaceId/members/:accountId': {
    expected: each(401, 404, 403, 403, 200),
    body: () => ({ role: 'viewer' })
  },
  'DELETE /api/v1/workspaces/:workspaceId/members/:accountId': { expected: each(401, 404, 403, 403, 204) },

  'GET /invite-coparent': { expected: page.own },
  'POST /invite-coparent': {
    expected: ownersForm,
    body: ({ workspaceId }) => ({ workspace_id: workspaceId, role: 'viewer' })
  },
  'GET /invite': { expected: page.own },
  'POST /invite': { expected: ownersForm, body: ({ workspaceId }) => ({ workspace_id: workspaceId, role: 'viewer' }) },
  'POST /invites/:inviteId/revoke': { expected: each(303, 404, 404, 404, 303) },
  'GET /accept-invite': { expected: page.open },
  'POST /accept-invite': { expected: page.done, body: ({ code }) => ({ code }) },
  'GET /api/v1/invites': { expected: api.own },
  'POST /api/v1/invites': {
    expected: each(401, 404, 403, 403, 201),
    body: ({ workspaceId }) => ({ workspace_id: workspaceId, role: 'viewer' })
  },
  'GET /api/v1/invites/:inviteId': { expected: api.theirs },
  'DELETE /api/v1/invites/:inviteId': { expected: api.gone },
  'POST /api/v1/invites/accept': { expected: each(401, 200, 200, 200, 200), body: ({ code }) => ({ code }) },

  'GET /tasks': { expected: page.own },
  'POST /tasks/:taskId': { expected: each(303, 404, 404, 404, 303), body: () => ({ status: 'done' }) },
  'GET /api/v1/tasks': { expected: api.own },
  'GET /workspaces/:workspaceId/documents/new': { expected: addersPage },
  'POST /workspaces/:workspaceId/documents': {
    expected: each(303, 404, 403, 303, 303),
    body: () => ({ text: newId() })
  },
  'GET /workspaces/:workspaceId/documents/:documentId': { expected: membersPage },
  'GET /workspaces/:workspaceId/documents/:documentId/original': { expected: membersPage },
  'GET /workspaces/:workspaceId/documents/:documentId/settings': { expected: changersPage },
  'POST /workspaces/:workspaceId/documents/:documentId': { expected: ownersForm, body: () => ({ title: 'Renamed' }) },
  'POST /workspaces/:workspaceId/documents/:documentId/retry': { expected: ownersForm },
  'GET /workspaces/:workspaceId/documents/:documentId/delete': { expected: changersPage },
  'POST /workspaces/:workspaceId/documents/:documentId/delete': { expected: ownersForm },
  'GET /api/v1/documents': { expected: api.own },
  'POST /api/v1/documents': {
    expected: each(401, 404, 403, 201, 201),
    body: ({ workspaceId }) => ({ workspace_id: workspaceId, text: newId() })
  },
  'GET /api/v1/documents/:documentId': { expected: each(401, 404, 200, 200, 200) },
  'GET /api/v1/documents/:documentId/passages': { expected: each(401, 404, 200, 200, 200) },
  'GET /api/v1/documents/:documentId/original': { expected: each(401, 404, 200, 200, 200) },
  'GET /api/v1/documents/:documentId/citations': { expected: each(401, 404, 200, 200, 200) },
  'PATCH /api/v1/documents/:documentId': { expected: each(401, 404, 403, 403, 200), body: () => ({ title: 'New' }) },
  'POST /api/v1/documents/:documentId/retry': { expected: each(401, 404, 403, 403, 200) },
  'DELETE /api/v1/documents/:documentId': { expected: each(401, 404, 403, 403, 204) },
  'GET /workspaces/:workspaceId/search': { expected: membersPage },
  'GET /api/v1/search': { expected: each(401, 400, 400, 400, 400) },

  'POST /workspaces/:workspaceId/chats': {
    expected: each(303, 404, 303, 303, 303),
    body: () => ({ question: 'Why?' })
  },
  'GET /workspaces/:workspaceId/chats': { expected: membersPage },
  'GET /workspaces/:workspaceId/chats/:chatId': { expected: ownersPage },
  'GET /workspaces/:workspaceId/chats/:chatId/export': { expected: ownersPage },
  'POST /workspaces/:workspaceId/chats/:chatId/messages': {
    expected: ownersOwn,
    body: () => ({ question: 'And then?' })
  },
  'POST /workspaces/:workspaceId/chats/:chatId/messages/:messageId/again': { expected: ownersOwn },
  'POST /workspaces/:workspaceId/chats/:chatId/messages/:messageId/stop': { expected: ownersOwn },
  'GET /workspaces/:workspaceId/chats/:chatId/settings': { expected: ownersPage },
  'POST /workspaces/:workspaceId/chats/:chatId/rename': { expected: ownersOwn, body: () => ({ title: 'Renamed' }) },
  'POST /workspaces/:workspaceId/chats/:chatId/delete': { expected: ownersOwn },
  'GET /api/v1/chats': { expected: api.own },
  'POST /api/v1/chats': {
    expected: each(401, 404, 201, 201, 201),
    body: ({ workspaceId }) => ({ workspace_id: workspaceId })
  },
  'GET /api/v1/chats/:chatId': { expected: api.theirs },
  'GET /api/v1/chats/:chatId/export': { expected: api.theirs },
  'PATCH /api/v1/chats/:chatId': { expected: api.theirs, body: () => ({ title: 'Renamed' }) },
  'DELETE /api/v1/chats/:chatId': { expected: api.gone },
  'GET /api/v1/chats/:chatId/messages': { expected: api.theirs },
  'POST /api/v1/chats/:chatId/messages': {
    expected: each(401, 404, 404, 404, 201),
    body: () => ({ content: 'And then?' })
  },
  'GET /api/v1/chats/:chatId/messages/:messageId': { expected: api.theirs },
  'POST /api/v1/chats/:chatId/messages/:messageId/again': { expected: api.theirs },
  'POST /api/v1/chats/:chatId/messages/:messageId/stop': { expected: api.theirs },

  'GET /memory': { expected: page.own },
  'POST /memory': { expected: page.done, body: () => ({ text: newId() }) },
  'GET /memory/forget': { expected: page.own },
  'POST /memory/forget': { expected: page.done },
  'GET /memory/:memoryId': { expected: ownersPage },
  'POST /memory/:memoryId': { expected: ownersOwn, body: () => ({ text: newId() }) },
  'POST /memory/:memoryId/forget': { expected: ownersOwn },
  'GET /settings/memory': { expected: page.own },
  'POST /settings/memory': { expected: page.done, body: () => ({ memory: 'on' }) },
  'GET /api/v1/preferences': { expected: api.own },
  'PATCH /api/v1/preferences': { expected: api.own, body: () => ({ memory: 'on' }) },
  'GET /api/v1/memories': { expected: api.own },
  'POST /api/v1/memories': { expected: each(401, 201, 201, 201, 201), body: () => ({ text: newId() }) },
  'DELETE /api/v1/memories': { expected: each(401, 204, 204, 204, 204) },
  'GET /api/v1/memories/:memoryId': { expected: api.theirs },
  'PATCH /api/v1/memories/:memoryId': { expected: api.theirs, body: () => ({ text: newId() }) },
  'DELETE /api/v1/memories/:memoryId': { expected: api.gone },

  'POST /mcp': {
    expected: each(401, 401, 401, 401, 401),
    program: 200,
    body: () => ({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  },

  'POST /workspaces/:workspaceId/chats/:chatId/messages/:messageId/keep': { expected: ownersOwn },
  'GET /prompts': { expected: page.own },
  'POST /prompts': { expected: page.done, body: () => aPrompt },
  'GET /prompts/:promptId': { expected: ownersPage },
  'POST /prompts/:promptId': { expected: ownersOwn, body: () => aPrompt },
  'POST /prompts/:promptId/delete': { expected: ownersOwn },
  'GET /api/v1/prompts': { expected: api.own },
  'POST /api/v1/prompts': {
    expected: each(401, 404, 201, 201, 201),
    body: ({ workspaceId }) => ({ ...aPrompt, workspace_id: workspaceId })
  },
  'GET /api/v1/prompts/:promptId': { expected: api.theirs },
  'PATCH /api/v1/prompts/:promptId': { expected: api.theirs, body: () => ({ title: 'Renamed' }) },
  'DELETE /api/v1/prompts/:promptId': { expected: api.gone },

  'GET /docs': { expected: page.open },
  'GET /docs/json': { expected: page.open },
  'GET /docs/:group': { expected: each(404, 404, 404, 404, 404) },

  'GET /tags': { expected: page.own },
  'POST /tags': { expected: page.done, body: () => ({ name: newId() }) },
  'GET /tags/:tagId': { expected: ownersPage },
  'POST /tags/:tagId': { expected: ownersOwn, body: () => ({ name: newId() }) },
  'POST /tags/:tagId/delete': { expected: ownersOwn },
  'GET /api/v1/tags': { expected: api.own },
  'POST /api/v1/tags': { expected: each(401, 201, 201, 201, 201), body: () => ({ name: newId() }) },
  'GET /api/v1/tags/:tagId': { expected: api.theirs },
  'PATCH /api/v1/tags/:tagId': { expected: api.theirs, body: () => ({ name: newId() }) },
  'DELETE /api/v1/tags/:tagId': { expected: api.gone },

  'GET /api/v1/tasks/:taskId': { expected: api.theirs },
  'PATCH /api/v1/tasks/:taskId': { expected: api.theirs, body: () => ({ status: 'done' }) },
  'DELETE /api/v1/tasks/:taskId': { expected: api.gone }
}

export const filledIn = (url: string, ids: Ids) => url.replaceAll(/:(\w+)/g, (_, name) => ids[name as keyof Ids])

/** Whether things are no longer as they were before a call, so that the next one needs others. */
export const changed = (route: string, { statusCode }: { statusCode: number }) =>
  !route.startsWith('GET ') && statusCode < 400
