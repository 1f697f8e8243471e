/** What a page may say at its top after a form worked; the cookie carries only the name. */
export const notices = {
  'workspace-created': 'Your workspace is ready.',
  'workspace-changed': 'Saved.',
  'workspace-deleted': 'The workspace and everything in it are gone.',
  'invite-revoked': 'That link no longer works.',
  'invite-accepted': 'You have joined.',
  'member-changed': 'Saved. It holds from their next click on.',
  'member-removed': 'Removed. They can no longer open this workspace.',
  'member-left': 'You have left that workspace.',
  'session-ended': 'That browser is signed out.',
  'sessions-ended': 'All your other browsers are signed out.',
  'task-dismissed': 'Put aside.',
  'signed-out': 'You are signed out.'
} as const

export type Notice = keyof typeof notices
