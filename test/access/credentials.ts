import type { Browser } from '../support/browser.ts'
import type { Carrel } from '../support/carrel.ts'
import { everyScope, opens } from './doors.ts'
import { aProgram, type Ids } from './table.ts'

/** Every kind of credential of the owner's that a program can show, and what becomes of it. */
export async function credentials(carrel: Carrel, { owner }: { owner: Browser }, { workspaceId }: Ids) {
  const { db } = carrel.app
  const key = async (wish: object) =>
    (await owner.api('POST', '/api/v1/api-keys', { name: 'A script', scopes: everyScope, ...wish })).json()
  const instance = async () =>
    (await owner.api('POST', '/api/v1/instances', { ...aProgram, workspace_id: workspaceId })).json()
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  })
  const login = { username: 'owner', password: 'four unrelated words' }
  const token = (await carrel.visitor().api('POST', '/api/v1/auth/login', login)).json().access_token
  const [whole, held, expired, revoked] = [
    await key({}),
    await key({ workspace_id: workspaceId }),
    await key({}),
    await key({})
  ]
  const away = await key({ workspace_id: await owner.makesWorkspace('Elsewhere') })
  const past = carrel.clock.now().toISOString()
  await db.updateTable('api_keys').set({ expires_at: past }).where('id', '=', expired.id).execute()
  await owner.api('DELETE', `/api/v1/api-keys/${revoked.id}`)
  const [program, disabled] = [await instance(), await instance()]
  await owner.api('PATCH', `/api/v1/instances/${disabled.instance_id}`, { disabled: true })
  const scoped = everyScope.map(async (scope) => [scope, (await key({ scopes: [scope] })).key] as const)
  return {
    token,
    good: {
      token: { authorization: `Bearer ${token}` },
      key: { 'x-api-key': whole.key },
      'key for the workspace': { 'x-api-key': held.key },
      'key for elsewhere': { 'x-api-key': away.key },
      instance: basic(program.instance_id, program.instance_password)
    },
    scoped: await Promise.all(scoped),
    bad: {
      'expired key': { 'x-api-key': expired.key },
      'revoked key': { 'x-api-key': revoked.key },
      'mistyped key': { 'x-api-key': `${whole.key.slice(0, -2)}--` },
      'two at once': { 'x-api-key': whole.key, authorization: `Bearer ${token}` },
      'disabled instance': basic(disabled.instance_id, disabled.instance_password),
      'wrong password': basic(program.instance_id, disabled.instance_password),
      'forged token': { authorization: `Bearer ${token.slice(0, -3)}AAA` }
    } as Record<string, Record<string, string>>
  }
}

/** What the owner's program is answered where the owner would be answered `owners`. */
export function expectedOf(kind: string, route: string, owners: number): number {
  if (kind === 'token' || opens('anybody', route)) return owners
  const inside = opens('read inside', route) || opens('write inside', route)
  if (kind === 'key') {
    return inside || everyScope.some((scope) => opens(scope, route)) ? owners : 403
  }
  if (!inside) return 403
  if (kind === 'instance' && route.includes(':chatId')) return 404
  const names = route.includes(':') || route === 'POST /api/v1/documents' || route === 'POST /api/v1/chats'
  return kind === 'key for elsewhere' && names ? 404 : owners
}
