import { isIP } from 'node:net'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'

type From = Pick<FastifyRequest, 'ip' | 'socket'>

/** Where a request comes from. A proxy may have added a port to it; what is no address at all is not believed. */
export function addressOf({ ip, socket }: From): string {
  const bare = isIP(ip) ? ip : ip.replace(/^\[?(.+?)\]?:\d+$/, '$1')
  return isIP(bare) ? bare : (socket.remoteAddress ?? '')
}

/** Who counts as one: a household's IPv6 connection has a whole /64 to itself. */
export function networkOf(request: From): string {
  const address = addressOf(request)
  return address && normalizeIP(address, 64)
}
