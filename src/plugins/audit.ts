import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { EventName } from '../audit/events.ts'
import { type Happening, recordEvent } from '../audit/store.ts'
import { inSavepoint } from '../database/open.ts'
import type { Db } from '../database/tables.ts'

declare module 'fastify' {
  interface FastifyRequest {
    audit(event: EventName, what?: Pick<Happening, 'account' | 'subject' | 'detail'>, tx?: Db): Promise<void>
  }
}

/**
 * `request.audit(event)`: who, from where, in which request. It never makes the request itself fail. Given the
 * transaction of what it tells of, it is written with it, in the same flush, and still cannot undo it.
 */
export default fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('audit', async function (this: FastifyRequest, event, what = {}, tx) {
      const happening = { account: this.viewer?.id, address: this.ip, requestId: this.id, ...what }
      const record = () => recordEvent(tx ?? app.db, event, happening, app.now())
      try {
        await (tx ? inSavepoint(tx, record) : record())
      } catch (error) {
        this.log.error({ err: error, event, ...happening }, 'this event could not be written to the audit log')
      }
    })
  },
  { name: 'audit' }
)
