import type { FastifyRequest } from 'fastify'
import { requireUser } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { siteOf } from '../plugins/site.ts'
import { scopes } from '../scopes.ts'
import { Page } from '../shapes.ts'
import { workspacesOf } from '../workspaces/store.ts'
import { looksLikeKey } from './key.ts'
import { makingKey } from './making.ts'
import { InKey, KeyForm, lifetimes } from './schema.ts'
import { keysOf } from './store.ts'

const here = '/settings/api-keys'
const mostOffered = 200
const day = 24 * 3600 * 1000
const shownFor = 120

export async function keyPages(app: App) {
  async function list(request: FastifyRequest): Promise<[string, object]> {
    const { user, method, query } = request
    const { cursor } = (method === 'GET' ? query : {}) as { cursor?: string }
    const keys = await keysOf(user, app.db).list({ limit: 20, ...(cursor && { cursor }) })
    const workspaces = await workspacesOf(user, app.db).list({ limit: mostOffered })
    const now = app.now().toISOString()
    const shown = { keys, workspaces: workspaces.items, scopes, lifetimes, now, site: siteOf(app, request) }
    return ['api-keys/list', { rules: KeyForm.properties, ...shown }]
  }

  app.get(here, { onRequest: requireUser, schema: { querystring: Page } }, async (request, reply) => {
    const made = request.keptCookie('new_secret')
    if (made) reply.dropCookie('new_secret')
    const [view, data] = await list(request)
    return reply.page(view, { ...data, made: made && looksLikeKey(made) && made })
  })

  app.post(
    here,
    { onRequest: requireUser, schema: { body: KeyForm }, config: { form: list } },
    async (request, reply) => {
      const { expires, scopes: ticked, ...wish } = request.body
      const expires_at =
        expires === 'never' ? undefined : new Date(app.now().getTime() + Number(expires) * day).toISOString()
      const { key } = await makingKey(app, request, { ...wish, scopes: [ticked].flat(), expires_at })
      return reply.keepCookie('new_secret', key, shownFor).goTo(here)
    }
  )

  app.post(`${here}/:keyId/revoke`, { onRequest: requireUser, schema: { params: InKey } }, async (request, reply) => {
    const { keyId } = request.params as { keyId: string }
    await keysOf(request.user, app.db).revoke(keyId)
    await request.audit('key.revoked', { subject: keyId })
    return reply.goTo(here, 'key-revoked')
  })
}
