import { many, size } from './words.ts'

/** What a page may say at its top after a form worked; the cookie carries only the name, and numbers. */
export const notices = {
  'workspace-created': 'Your workspace is ready.',
  'workspace-changed': 'Saved.',
  'workspace-deleted': (documents: number, passages: number, bytes: number) =>
    documents === 0
      ? 'The workspace is gone.'
      : `The workspace is gone, and everything in it: ${many(documents, 'document')} of ${size(bytes)}, ${many(passages, 'passage')}.`,
  'invite-revoked': 'That link no longer works.',
  'invite-accepted': 'You have joined.',
  'member-changed': 'Saved. It holds from their next click on.',
  'member-removed': 'Removed. They can no longer open this workspace.',
  'member-left': 'You have left that workspace.',
  'profile-changed': 'Saved.',
  'password-changed': 'Saved. Every other browser is signed out.',
  'identity-linked': 'You can sign in that way from now on.',
  'identity-unlinked': 'That way in is closed.',
  'session-ended': 'That browser is signed out.',
  'sessions-ended': 'All your other browsers are signed out.',
  'key-revoked': 'That key no longer works.',
  'instance-changed': 'Saved.',
  'instance-disabled': 'It is shut out until you enable it.',
  'instance-enabled': 'It may come in again.',
  'instance-deleted': 'That program is gone. What it added stays.',
  'task-dismissed': 'Put aside.',
  'signed-out': 'You are signed out.',
  'documents-added': (added: number, already: number) =>
    `${many(added, 'document')} added; you can go on while ${added === 1 ? 'it is' : 'they are'} read.${already > 0 ? ` ${many(already, 'file')} had been here before.` : ''}`,
  'document-already': 'This very file is here already. Here it is.',
  'document-changed': 'Saved.',
  'document-deleted': (passages: number, vectors: number, bytes: number) =>
    `Deleted for good: the document, its original of ${size(bytes)}, ${many(passages, 'passage')} and ${many(vectors, 'vector')}.`,
  'chat-renamed': 'Saved.',
  'chat-deleted': 'That chat is gone.',
  'memory-kept': 'Remembered.',
  'memory-changed': 'Saved.',
  'memory-forgotten': 'Forgotten.',
  'memory-emptied': 'All of it is forgotten. The chats themselves stay.',
  'memory-on': 'Saved.',
  'memory-off': 'Saved. Nothing is kept or used from now on.',
  'prompt-kept': 'Kept.',
  'prompt-changed': 'Saved.',
  'prompt-deleted': 'That prompt is gone.',
  'tag-created': 'Your tag is ready.',
  'tag-changed': 'Saved.',
  'tag-deleted': 'The tag is gone; the documents stay.'
} as const

export type Notice = keyof typeof notices

/** What a cookie asks to be said, if it is one of ours; the numbers in it are all it may choose. */
export function noticeFrom(cookie: string): string | undefined {
  const [name = '', ...numbers] = cookie.split('.')
  if (!Object.hasOwn(notices, name)) return undefined
  const words: string | ((...numbers: number[]) => string) = notices[name as Notice]
  if (typeof words === 'string') return words
  const given = numbers.map(Number)
  return given.length === words.length && given.every(Number.isSafeInteger) ? words(...given) : undefined
}
