import { newId } from '../../src/ids.ts'
import { password } from '../support/carrel.ts'
import type { Ids } from '../support/full-desk.ts'
import type { Operation } from './document.ts'

type Body = Record<string, unknown>

let newcomers = 0

/** What cannot be as it is in the example of the document, because it would be there already or never was. */
const furnished: Record<string, (ids: Ids) => Body> = {
  'POST /api/auth/signup': () => ({ email: `newcomer${++newcomers}@example.com` }),
  'POST /api/v1/auth/refresh': ({ refreshToken }) => ({ refresh_token: refreshToken }),
  'PATCH /api/v1/auth/password': () => ({ current_password: password }),
  'POST /api/v1/invites/accept': ({ code }) => ({ code }),
  'POST /api/v1/tags': () => ({ name: newId() }),
  'PATCH /api/v1/tags/{tagId}': () => ({ name: 'home' }),
  'PATCH /api/v1/memories/{memoryId}': () => ({ text: 'I rent a flat in York.' })
}

/** The example that the document gives of a body, about things that are there; undefined where nothing is taken. */
export function bodyFor({ name, requestBody }: Operation, ids: Ids): Body | undefined {
  const { examples } = requestBody?.content['application/json'] ?? {}
  if (!examples) return undefined
  const example = Object.values(examples)[0]?.value as Body
  const given = Object.entries(example).map(([field, value]) => [
    field,
    field === 'workspace_id' ? ids.workspaceId : value
  ])
  return { ...Object.fromEntries(given), ...furnished[name]?.(ids) }
}

/** The address of an operation; a search has to say where. */
export function addressOf({ path, parameters }: Operation, ids: Ids, query = ''): string {
  const needed = parameters
    .filter((one) => one.in === 'query' && one.required)
    .map(({ name }) => `${name}=${ids.workspaceId}`)
  const asked = [...needed, ...(query ? [query] : [])].join('&')
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name] ?? newId()) + (asked && `?${asked}`)
}
