import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Fastify, { LogController } from 'fastify'
import { openSqliteFile } from '../../../src/database/sqlite.ts'
import { talk } from './talk.ts'

// What somebody would write who needs this one list and nothing else.
const { DATA_DIR = '', HEADERS = '{}', STEADY = '' } = process.env
const headers = JSON.parse(HEADERS) as Record<string, string>
const limit = 20

type Key = { id: string; key_id: string; scopes: string; last_used_at: string | null }
type Row = { id: string; room_of: string | null }

const sqlite = openSqliteFile(join(DATA_DIR, 'carrel.db'))
const prepare = (sql: string) => sqlite.prepare(STEADY ? sql.replaceAll(/[?@]/g, '+$&') : sql)
const byHash = prepare(`
  select accounts.id, email, username, first_name, last_name, role,
    api_keys.id as key_id, scopes, workspace_id, last_used_at
  from api_keys join accounts on accounts.id = api_keys.account_id
  where key_hash = @hash and (expires_at is null or expires_at > @now) and disabled_at is null`)
const used = prepare('update api_keys set last_used_at = ?, last_used_address = ? where id = ?')
const workspaces = prepare(`
  select workspaces.id, name, description, workspaces.created_at, updated_at, role, room_of
  from memberships join workspaces on workspaces.id = memberships.workspace_id
  where memberships.account_id = ? order by memberships.workspace_id desc limit ${limit + 1}`)

/** Its last use is noted once a minute, as in Carrel. */
function ownerOf(key: string, address: string): Key | undefined {
  const now = new Date()
  const hash = createHash('sha256').update(key).digest('base64url')
  const found = byHash.get({ hash, now: now.toISOString() }) as Key | undefined
  if (found && now.getTime() - Date.parse(found.last_used_at ?? '1970-01-01') > 60_000) {
    used.run(now.toISOString(), address, found.key_id)
  }
  return found
}

const text = { type: 'string' } as const
const item = {
  type: 'object',
  properties: {
    ...{ id: text, name: text, description: text, created_at: text, updated_at: text, role: text },
    is_room: { type: 'boolean' }
  }
} as const
const list = {
  type: 'object',
  properties: { items: { type: 'array', items: item }, next_cursor: { type: 'string', nullable: true } }
} as const

const app = Fastify({ logger: { level: 'warn' }, logController: new LogController({ disableRequestLogging: true }) })
app.get('/api/v1/workspaces', { schema: { response: { 200: list } as object } }, (request, reply) => {
  const owner = ownerOf(String(request.headers['x-api-key']), request.ip)
  if (!owner) return reply.code(401).send()
  if (!owner.scopes.split(' ').includes('read')) return reply.code(403).send()
  const rows = workspaces.all(owner.id) as Row[]
  const items = rows.slice(0, limit).map(({ room_of, ...row }) => ({ ...row, is_room: room_of !== null }))
  reply.headers(headers).send({ items, next_cursor: rows.length > limit ? (rows[limit - 1] as Row).id : null })
})

await app.listen({ port: 0, host: '127.0.0.1' })
talk((app.server.address() as AddressInfo).port)
