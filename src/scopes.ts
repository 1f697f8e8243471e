/** What a program may be allowed, in the words its owner chooses by. */
export const scopes = {
  read: 'See your workspaces, documents and chats',
  write: 'Add, change, delete and ask',
  profile: 'See your name and username',
  email: 'See your email address'
} as const

export type Scope = keyof typeof scopes
export const scopeNames = Object.keys(scopes) as Scope[]
