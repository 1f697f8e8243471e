import { requireSession } from '../plugins/access.ts'
import type { App } from '../plugins/app-type.ts'
import { listOf, nothing, refused } from '../told.ts'
import { Identity, InIdentity } from './schema.ts'
import { identitiesOf } from './store.ts'
import { unlinking } from './unlinking.ts'

/** The sign-ins elsewhere that open a desk. One is linked by signing in with it, which only a browser can. */
export async function identityApi(app: App) {
  app.get(
    '/api/v1/identities',
    {
      onRequest: requireSession,
      schema: {
        summary: 'List the sign-ins elsewhere that open your desk',
        description: 'One for each provider at most, so all of them at once.',
        response: { 200: listOf(Identity) }
      }
    },
    async ({ user }) => ({ items: (await identitiesOf(user, app.db).list()).toReversed(), next_cursor: null })
  )

  app.delete(
    '/api/v1/identities/:identityId',
    {
      onRequest: requireSession,
      schema: {
        summary: 'Unlink a sign-in elsewhere',
        params: InIdentity,
        response: { 204: nothing('It opens your desk no longer.'), 409: refused('It is the only way in that is left.') }
      }
    },
    async (request, reply) => {
      await unlinking(app, request, request.params.identityId)
      return reply.code(204).send()
    }
  )
}
