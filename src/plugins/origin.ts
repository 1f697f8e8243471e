import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ForeignOrigin } from '../errors.ts'
import { isApi } from './api.ts'

/** TRACE is here because it is refused anyway, whoever asks. */
const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * No browser attaches a token or a key by itself; a password it may, but not one of ours. A key in the address proves
 * nothing: whoever makes a link or a form for somebody else's browser can put one there.
 */
const sentByProgram = ({ credential, viewer, query }: FastifyRequest) =>
  credential === 'bearer' ||
  (credential === 'key' && (query as { key?: unknown }).key === undefined) ||
  (credential === 'instance' && viewer !== undefined)

/** What a request says of where it came from: ours, foreign, or nothing at all. */
export function provenance(request: FastifyRequest, publicUrl: string | undefined): 'ours' | 'foreign' | 'unknown' {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, origin, referer } = request.headers
  if (site !== undefined) {
    return site === 'same-origin' || (site === 'none' && mode === 'navigate') ? 'ours' : 'foreign'
  }
  const source = origin ?? referer
  if (source === undefined) return 'unknown'
  if (!URL.canParse(source)) return 'foreign'
  const url = new URL(source)
  const same = publicUrl ? url.origin === publicUrl : url.host === request.host
  return same ? 'ours' : 'foreign'
}

/**
 * Whether a page of elsewhere asks, where only programs should. A name can be made to lead here, for its owner's page
 * to pass for ours (DNS rebinding); as long as nobody said how Carrel is called, none is believed but an address.
 */
function foreignPage(request: FastifyRequest, publicUrl: string | undefined): boolean {
  const { origin } = request.headers
  if (provenance(request, publicUrl) === 'foreign') return true
  if (origin === undefined) return false
  if (publicUrl) return origin !== publicUrl
  const { hostname, host } = URL.canParse(origin) ? new URL(origin) : { hostname: '', host: '' }
  return host !== request.host || !(hostname === 'localhost' || isIP(hostname.replaceAll(/[[\]]/g, '')))
}

function trusted(request: FastifyRequest, publicUrl: string | undefined): boolean {
  if (request.crossOrigin) return true
  if (request.routeOptions.config.programsOnly) return !foreignPage(request, publicUrl)
  if (safe.has(request.method) || sentByProgram(request)) return true
  const from = provenance(request, publicUrl)
  return from === 'ours' || (from === 'unknown' && isApi(request) && !request.headers.cookie)
}

/**
 * Refuses changes that another site's page asks for in somebody's name. A program that shows no cookie has nothing
 * that another site could abuse, so the API lets it pass without an origin, and pages of listed origins, whose cookies
 * do not count; a form never passes without one.
 */
export default fp(
  async (app: FastifyInstance) => {
    async function refuse(request: FastifyRequest) {
      await request.audit('origin.refused', { detail: { origin: request.headers.origin?.slice(0, 200) } })
      throw new ForeignOrigin()
    }

    app.addHook('onRequest', (request, _reply, done) => {
      if (trusted(request, app.config.publicUrl)) done()
      else refuse(request).catch(done)
    })
  },
  { name: 'origin', dependencies: ['session', 'audit', 'cors'] }
)
