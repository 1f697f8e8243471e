import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Invalid, RepeatDiffers, RepeatRunning } from '../errors.ts'
import { type Answered, sealing } from '../repeats/sealing.ts'
import { type Claim, repeatsOf } from '../repeats/store.ts'
import { loadSecrets } from '../secret.ts'
import { credentialIdOf } from '../viewer.ts'

type Repeats = ReturnType<typeof repeatsOf>
type Held = Claim & { repeats: Repeats; seal: (answered: Answered) => Buffer }
type Retold = Record<string, string>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers again what was answered before, of which only this was kept. */
    retell?: (request: FastifyRequest, reply: FastifyReply, kept: Retold) => Promise<unknown>
  }
  interface FastifyRequest {
    /** The Idempotency-Key this request came with, until what it is answered is kept. */
    heldKey: Held | undefined
    /** Keeps, instead of the answer, what it is about, for the route's `retell`. */
    keepToRetell(what: Retold): Promise<void>
  }
}

const printable = /^(?=.*\S)[\x20-\x7e]{1,255}$/

function refuseUnusable(key: string, { headers }: FastifyRequest) {
  if (!printable.test(key)) {
    throw new Invalid({ message: 'An Idempotency-Key is 1 to 255 characters of printable ASCII.' })
  }
  // To know whether files are the same they would have to be read first; but one that is there already is not added again.
  if (/^multipart\//i.test(headers['content-type'] ?? '')) {
    throw new Invalid({ message: 'Files need no Idempotency-Key: one that is there already is not added again.' })
  }
}

/** What came of a request is the same as long as these are. */
const toCompare = ({ url, body }: FastifyRequest) => `${url}\n${JSON.stringify(body)}`

/**
 * A program that names its request by an Idempotency-Key may send it again when it has not heard the answer: what was
 * made (201) is told again for a day and not made again. A refusal made nothing and frees the key. It stands behind
 * the gates and the schema, so that only somebody with a right to ask can hold a key.
 */
export default fp(
  async (app: FastifyInstance) => {
    const [secret = ''] = loadSecrets(app.config)
    app.decorateRequest('heldKey', undefined)

    app.decorateRequest('keepToRetell', async function (this: FastifyRequest, retell) {
      const held = this.heldKey
      this.heldKey = undefined
      if (held) await held.repeats.keep(held, held.seal({ retell }), app.now()).catch(unkept(this))
    })

    /** What was made is made, and has to be told, whether or not it can be told twice. */
    const unkept = (request: FastifyRequest) => (error: unknown) =>
      request.log.error({ err: error, req: request }, 'what was answered could not be kept')

    /** Answers as before; or holds the key, and whatever comes next may be made. */
    async function answerAgain(key: string, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
      refuseUnusable(key, request)
      const account = request.user.id
      const credential = credentialIdOf(request.user)
      const { name, requestHash, seal, open } = sealing(secret, { account, credential, key })
      const repeats = repeatsOf(request.user, app.db)
      const asked = requestHash(toCompare(request))
      const found = await repeats.claim({ name, requestHash: asked }, app.now())
      if (found && 'claim' in found) {
        request.heldKey = { ...found, repeats, seal }
        return false
      }
      if (found && found.request_hash !== asked) throw new RepeatDiffers()
      if (!found?.answer) throw new RepeatRunning({ retryAfter: 1 })
      reply.header('idempotency-replayed', 'true')
      await tell(open(found.answer), request, reply)
      return true
    }

    async function tell(answered: Answered, request: FastifyRequest, reply: FastifyReply) {
      if ('retell' in answered) return request.routeOptions.config.retell?.(request, reply, answered.retell)
      if (answered.location) reply.header('location', answered.location)
      return reply.code(answered.status).type('application/json; charset=utf-8').send(answered.body)
    }

    async function settle(held: Held, reply: FastifyReply, body: unknown) {
      const { statusCode: status } = reply
      if (status !== 201 || typeof body !== 'string') return held.repeats.letGo(held)
      const location = reply.getHeader('location') as string | undefined
      await held.repeats.keep(held, held.seal({ status, body, ...(location && { location }) }), app.now())
    }

    app.addHook('preHandler', (request, reply, done) => {
      const key = request.headers['idempotency-key']
      if (key === undefined || request.method !== 'POST') return done()
      if (!request.viewer || !request.routeOptions.url?.startsWith('/api/v1/')) return done()
      answerAgain(String(key), request, reply).then((answered) => {
        if (!answered) done()
      }, done)
    })

    app.addHook('onSend', (request, reply, payload, done) => {
      const held = request.heldKey
      if (!held) return done()
      request.heldKey = undefined
      settle(held, reply, payload)
        .catch(unkept(request))
        .then(() => done(), done)
    })
  },
  { name: 'repeats', dependencies: ['session', 'access', 'database'] }
)
