import { keys } from './api/keys.ts'
import { workspaces } from './api/workspaces.ts'

/** What the JSON API costs a program that asks with a key, and what its key costs among a million others. */
export async function api() {
  await workspaces()
  await keys()
}
