/** What a key opens, by what it needs. Whatever of the API stands nowhere here is for people alone. */
export const doors: Record<string, string[]> = {
  anybody: ['POST /api/auth/signup', 'POST /api/v1/auth/login', 'POST /api/v1/auth/refresh'],
  'read inside': [
    'POST /mcp',
    'GET /api/v1/workspaces',
    'GET /api/v1/workspaces/:workspaceId',
    'GET /api/v1/documents',
    'GET /api/v1/documents/:documentId',
    'GET /api/v1/documents/:documentId/passages',
    'GET /api/v1/documents/:documentId/original',
    'GET /api/v1/search',
    'GET /api/v1/chats',
    'GET /api/v1/chats/:chatId',
    'GET /api/v1/chats/:chatId/export',
    'GET /api/v1/chats/:chatId/messages',
    'GET /api/v1/chats/:chatId/messages/:messageId'
  ],
  'write inside': [
    'POST /mcp',
    'POST /api/v1/documents',
    'PATCH /api/v1/documents/:documentId',
    'DELETE /api/v1/documents/:documentId',
    'POST /api/v1/documents/:documentId/retry',
    'POST /api/v1/chats',
    'PATCH /api/v1/chats/:chatId',
    'DELETE /api/v1/chats/:chatId',
    'POST /api/v1/chats/:chatId/messages',
    'POST /api/v1/chats/:chatId/messages/:messageId/again',
    'POST /api/v1/chats/:chatId/messages/:messageId/stop'
  ],
  read: [
    'GET /api/v1/documents/:documentId/citations',
    'GET /api/v1/invites',
    'GET /api/v1/invites/:inviteId',
    'GET /api/v1/memories',
    'GET /api/v1/memories/:memoryId',
    'GET /api/v1/preferences',
    'GET /api/v1/prompts',
    'GET /api/v1/prompts/:promptId',
    'GET /api/v1/tags',
    'GET /api/v1/tags/:tagId',
    'GET /api/v1/tasks',
    'GET /api/v1/tasks/:taskId',
    'GET /api/v1/workspaces/:workspaceId/members'
  ],
  write: [
    'POST /api/v1/workspaces',
    'PATCH /api/v1/workspaces/:workspaceId',
    'DELETE /api/v1/workspaces/:workspaceId',
    'PATCH /api/v1/workspaces/:workspaceId/members/:accountId',
    'DELETE /api/v1/workspaces/:workspaceId/members/:accountId',
    'POST /api/v1/invites',
    'DELETE /api/v1/invites/:inviteId',
    'POST /api/v1/invites/accept',
    'POST /api/v1/memories',
    'DELETE /api/v1/memories',
    'PATCH /api/v1/memories/:memoryId',
    'DELETE /api/v1/memories/:memoryId',
    'PATCH /api/v1/preferences',
    'POST /api/v1/prompts',
    'PATCH /api/v1/prompts/:promptId',
    'DELETE /api/v1/prompts/:promptId',
    'POST /api/v1/tags',
    'PATCH /api/v1/tags/:tagId',
    'DELETE /api/v1/tags/:tagId',
    'PATCH /api/v1/tasks/:taskId',
    'DELETE /api/v1/tasks/:taskId'
  ],
  profile: ['GET /api/v1/username', 'GET /api/v1/auth/me'],
  email: ['GET /api/v1/auth/me']
}
export const opens = (door: string, route: string) => doors[door]?.includes(route) === true
export const everyScope = ['read', 'write', 'profile', 'email']
