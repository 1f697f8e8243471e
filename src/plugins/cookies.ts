import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

/** Every cookie Carrel sets. None can be read by a script. */
export type CookieName =
  | 'session_id'
  | 'known_browser'
  | 'invite_code'
  | 'sign_in_attempt'
  | 'unlinked_identity'
  | 'new_invite'
  | 'new_secret'
  | 'notice'

declare module 'fastify' {
  interface FastifyRequest {
    keptCookie(name: CookieName): string | undefined
  }
  interface FastifyReply {
    /** Keeps a cookie for `seconds`, or until the browser closes. */
    keepCookie(name: CookieName, value: string, seconds?: number): FastifyReply
    dropCookie(name: CookieName): FastifyReply
  }
}

/** With https the `__Host-` prefix makes the browser refuse a cookie planted by a neighbouring host. */
export default fp(
  async (app: FastifyInstance) => {
    await app.register(cookie)
    const { secure, publicUrl } = app.config
    const prefix = publicUrl?.startsWith('https:') ? '__Host-' : ''
    const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const

    app.decorateRequest('keptCookie', function (this: FastifyRequest, name) {
      return this.cookies[prefix + name]
    })
    app.decorateReply('keepCookie', function (this: FastifyReply, name, value, seconds) {
      return this.setCookie(
        prefix + name,
        value,
        seconds === undefined ? attributes : { ...attributes, maxAge: seconds }
      )
    })
    app.decorateReply('dropCookie', function (this: FastifyReply, name) {
      return this.setCookie(prefix + name, '', { ...attributes, maxAge: 0 })
    })
  },
  { name: 'cookies' }
)
