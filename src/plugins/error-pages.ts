import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import {
  CredentialRefused,
  Invalid,
  MethodNotAllowed,
  NotFound,
  Refusal,
  ScopeMissing,
  SignupClosed,
  SignupRefused,
  StorageDown,
  TooLarge,
  WrongType
} from '../errors.ts'
import { isApi } from './api.ts'
import { fieldsOf } from './forms.ts'
import { nameTypes } from './json.ts'
import { complaints } from './validation.ts'

type FormPage = (request: FastifyRequest) => Promise<[view: string, data: object]>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The page of the form that posts here; it is shown again with what was typed when something is refused. */
    form?: FormPage
    /** The same for everybody: asked for without a session, and not counted. */
    impersonal?: boolean
    /** For programs: a cookie counts for nothing, and a page of elsewhere is refused whatever it shows, unless listed. */
    programsOnly?: boolean
  }
}

const storageCodes =
  /^(SQLITE_(FULL|READONLY|IOERR|CANTOPEN|BUSY)|ECONN|ETIMEDOUT|ENOTFOUND|ENOSPC|EROFS|08|28|3D|53|57|25006|55000|40001|40P01)/
/** What something was to belong to was deleted by somebody else meanwhile. */
const orphaned = new Set(['23503', 'SQLITE_CONSTRAINT_FOREIGNKEY'])
const lostConnection = /Connection terminated|timeout exceeded when trying to connect/

/** Any error as the refusal it amounts to; undefined when it is a fault of ours. */
export function refusalOf(error: FastifyError): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (error.validation) {
    if (error.validationContext === 'params') return new NotFound()
    return complaints(error.validation as never)
  }
  // Whoever hangs up in the middle of what they send loses a connection, too, but theirs.
  const ofStorage = error.statusCode === undefined && storageCodes.test(error.code ?? '')
  if (ofStorage || lostConnection.test(error.message)) return new StorageDown({ retryAfter: 30 })
  if (orphaned.has(error.code)) return new NotFound()
  if (error.statusCode === 413) return new TooLarge()
  if (error.statusCode === 415) return new WrongType()
  if (error.statusCode && error.statusCode < 500) return new Invalid({ message: 'This request could not be read.' })
}

const shownInForm = new Set([400, 401, 409, 429, 503])

function typed(request: FastifyRequest): Record<string, unknown> {
  const fields = Object.entries(fieldsOf(request)).filter(
    ([name, value]) => typeof value === 'string' && !name.endsWith('password')
  )
  return Object.fromEntries(fields)
}

function asJson(refusal: Refusal) {
  const { statusCode, code, message, fields, requirements } = refusal
  return { statusCode, code, error: message, message, fields, requirements }
}

const isForStranger = ({ code }: Refusal) => code === 'SIGN_IN_REQUIRED'

/** What a program would have to show. */
function challengeOf(refusal: Refusal): string | undefined {
  const realm = 'Bearer realm="Carrel"'
  if (refusal instanceof ScopeMissing)
    return `${realm}, error="insufficient_scope", scope="${refusal.scopes.join(' ')}"`
  if (refusal instanceof CredentialRefused) return `${realm}, error="invalid_token"`
  return refusal.statusCode === 401 ? realm : undefined
}

/** An error as the refusal it amounts to, written down where that is due; undefined when it is a fault of ours. */
export async function refusalFor(error: FastifyError, request: FastifyRequest): Promise<Refusal | undefined> {
  const refusal = refusalOf(error)
  if (refusal instanceof StorageDown) request.log.error({ err: error, req: request }, refusal.message)
  else if (refusal?.statusCode === 503) request.log.warn({ req: request }, refusal.message)
  if (refusal && request.viewer && [403, 404].includes(refusal.statusCode)) {
    await request.audit('access.denied', { detail: { method: request.method, route: request.routeOptions.url } })
  }
  return refusal
}

/** Writes a fault of ours down; what to say of it. */
export async function faultFor(error: Error, request: FastifyRequest): Promise<string> {
  request.log.error({ err: error, req: request }, 'unexpected')
  await request.audit('error.unexpected', { detail: { error: error.name } })
  return `Something went wrong on our side. Reference: ${request.id}`
}

export default fp(
  async (app: FastifyInstance) => {
    async function answer(refusal: Refusal, request: FastifyRequest, reply: FastifyReply) {
      if (refusal.retryAfter) reply.header('retry-after', refusal.retryAfter)
      if (isApi(request)) {
        const challenge = challengeOf(refusal)
        if (challenge) reply.header('www-authenticate', challenge)
        if (refusal.statusCode === 415) nameTypes(request, reply)
        return reply.header('cache-control', 'no-store').code(refusal.statusCode).send(asJson(refusal))
      }
      if (isForStranger(refusal)) {
        const back = app.methodsAt(request.url.split('?', 1)[0] as string).includes('GET')
        return reply.redirect(back ? `/login?next=${encodeURIComponent(request.url)}` : '/login', 303)
      }
      const { form } = request.routeOptions.config
      if (
        form &&
        (shownInForm.has(refusal.statusCode) || refusal instanceof SignupClosed) &&
        !(refusal instanceof SignupRefused)
      ) {
        try {
          const [view, data] = await form(request)
          const status = refusal.statusCode === 400 || refusal.statusCode === 401 ? 422 : refusal.statusCode
          return reply.code(status).page(view, { ...data, typed: typed(request), refusal })
        } catch (error) {
          return withoutForm(error as FastifyError, refusal, request, reply)
        }
      }
      return plainly(refusal, reply)
    }

    const plainly = (refusal: Refusal, reply: FastifyReply) =>
      reply.code(refusal.statusCode).page('errors/refused', { refusal })

    /** The form itself may be what somebody may not see, or what is broken. */
    function withoutForm(error: FastifyError, refusal: Refusal, request: FastifyRequest, reply: FastifyReply) {
      const instead = refusalOf(error)
      if (!instead) return unexpected(error, request, reply)
      return plainly(isForStranger(instead) ? refusal : instead, reply)
    }

    async function unexpected(error: Error, request: FastifyRequest, reply: FastifyReply) {
      const text = await faultFor(error, request)
      reply.code(500)
      if (isApi(request)) {
        return reply.send({ statusCode: 500, code: 'UNEXPECTED', error: text, message: text, reference: request.id })
      }
      return reply.page('errors/unexpected', { reference: request.id })
    }

    async function handle(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
      const refusal = await refusalFor(error, request)
      return refusal ? answer(refusal, request, reply) : unexpected(error, request, reply)
    }

    /** When even the page about the fault is at fault, there is still a sentence to say. */
    app.setErrorHandler<FastifyError>(async (error, request, reply) => {
      try {
        return await handle(error, request, reply)
      } catch (fault) {
        request.log.error({ err: fault, req: request }, 'unexpected, while answering an error')
        const text = `Something went wrong on our side. Reference: ${request.id}\n`
        return reply.code(500).type('text/plain; charset=utf-8').send(text)
      }
    })

    app.setNotFoundHandler(async (request, reply) => {
      const allowed = app.methodsAt(request.url.split('?', 1)[0] as string)
      if (allowed.length > 0) reply.header('allow', allowed.join(', '))
      throw allowed.length > 0 || request.method === 'TRACE' ? new MethodNotAllowed() : new NotFound()
    })
  },
  { name: 'error-pages', dependencies: ['views', 'route-table', 'audit'] }
)
