import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { EventName } from '../audit/events.ts'
import { type Happening, recordEvent } from '../audit/store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    audit(event: EventName, what?: Pick<Happening, 'account' | 'subject' | 'detail'>): Promise<void>
  }
}

/** `request.audit(event)`: who, from where, in which request. It never makes the request itself fail. */
export default fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('audit', async function (this: FastifyRequest, event, what = {}) {
      const happening = { account: this.viewer?.id, address: this.ip, requestId: this.id, ...what }
      try {
        await recordEvent(app.db, event, happening, app.now())
      } catch (error) {
        this.log.error({ err: error, event, ...happening }, 'this event could not be written to the audit log')
      }
    })
  },
  { name: 'audit' }
)
