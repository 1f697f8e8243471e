import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { EventName } from '../audit/events.ts'
import { type Happening, recordEvent } from '../audit/store.ts'
import { inSavepoint, Undone } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import type { Viewer } from '../viewer.ts'
import { addressOf, networkOf } from './address.ts'
import { oncePerWindow } from './once-per-window.ts'

declare module 'fastify' {
  interface FastifyRequest {
    audit(event: EventName, what?: Pick<Happening, 'account' | 'subject' | 'detail'>, tx?: Db): Promise<void>
  }
}

/** What anybody can cause without end and without a try being counted; it is written down once in a while. */
const repeatable: readonly EventName[] = [
  'access.limited',
  'credential.refused',
  'identity.refused',
  'invite.refused',
  'link.refused',
  'origin.refused',
  'session.throttled',
  'setup.link_refused',
  'user.signup_refused'
]

/** What is done by a program is told apart from what its owner does. */
function programOf(viewer: Viewer | undefined) {
  if (!viewer || viewer.session_id !== null) return undefined
  return viewer.instance_id ? { instance: viewer.instance_id } : { key: viewer.program_id }
}

/**
 * `request.audit(event)`: who, from where, in which request. It never makes the request itself fail. Given the
 * transaction of what it tells of, it is written with it, in the same flush, and still cannot undo it.
 */
export default fp(
  async (app: FastifyInstance) => {
    const first = oncePerWindow()

    app.decorateRequest('audit', async function (this: FastifyRequest, event, what = {}, tx) {
      if (repeatable.includes(event) && !first(`${event} ${what.account ?? this.viewer?.id} ${networkOf(this)}`)) return
      const by = programOf(this.viewer)
      const detail = by && { ...by, ...what.detail }
      const happening = {
        account: this.viewer?.id,
        address: addressOf(this),
        requestId: this.id,
        ...what,
        ...(detail && { detail })
      }
      const record = () => recordEvent(tx ?? app.db, event, happening, app.now())
      try {
        await (tx ? inSavepoint(tx, record) : record())
      } catch (error) {
        if (error instanceof Undone) throw error
        this.log.error({ err: error, event, ...happening }, 'this event could not be written to the audit log')
      }
    })
  },
  { name: 'audit' }
)
