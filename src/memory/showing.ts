import type { Memory } from './store.ts'

/** A memory as its page shows it, with where it came from. */
export function shownMemory({ workspace_id, chat_id, message_id, ...memory }: Memory) {
  const chat = workspace_id && chat_id && `/workspaces/${workspace_id}/chats/${chat_id}`
  return { ...memory, href: chat && `${chat}?at=${message_id}#m-${message_id}` }
}
