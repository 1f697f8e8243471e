import { once } from 'node:events'
import { connect as connectTo, isIP, type Socket } from 'node:net'
import { addAbortSignal } from 'node:stream'
import { connect as secureOver } from 'node:tls'
import { hostOf } from './address.ts'
import type { AddressesOf } from './names.ts'
import type { Reach } from './reach.ts'
import { PageRefused } from './refused.ts'

/** One text for what does not exist and what is private, or it would tell which names a private network has. */
const noSuchSite = (host: string, cause: string) =>
  new PageRefused(`No public site was found at ${host}.`, { cause: new Error(cause) })

async function checkedAddresses(host: string, reach: Reach, addressesOf: AddressesOf, ends: AbortSignal) {
  const addresses = isIP(host) ? [host] : await addressesOf(host, ends)
  if (addresses.length === 0) throw noSuchSite(host, `${host} has no address`)
  for (const address of addresses) {
    const closed = reach.closed(host, address)
    if (closed) throw noSuchSite(host, `${host} is at ${address}: ${closed}`)
  }
  return addresses
}

/** What breaks later is told by whoever waits for it then; a socket that nobody listens to would end the process. */
const quietly = <Connection extends Socket>(socket: Connection): Connection => socket.on('error', () => {})

async function opened(socket: Socket, event: 'connect' | 'secureConnect', ends: AbortSignal, otherwise: string) {
  try {
    await once(socket, event, { signal: ends })
  } catch (cause) {
    throw new PageRefused(otherwise, { cause })
  }
}

/**
 * A connection to one of the very addresses that were checked, proven by the name of the host where it is secured.
 * `ends` is how long one may wait for it, `whole` how long it may live.
 */
export function connections(reach: Reach, addressesOf: AddressesOf) {
  return async (url: URL, whole: AbortSignal, ends: AbortSignal): Promise<Socket> => {
    const host = hostOf(url)
    const secured = url.protocol === 'https:'
    const addresses = await checkedAddresses(host, reach, addressesOf, ends)
    const known = addresses.map((address) => ({ address, family: isIP(address) }))
    const socket = connectTo({
      host,
      port: Number(url.port) || (secured ? 443 : 80),
      autoSelectFamily: true,
      lookup: (_host, _options, done) => done(null, known)
    })
    addAbortSignal(whole, quietly(socket))
    await opened(socket, 'connect', ends, `${host} does not answer.`)
    const reached = socket.remoteAddress ?? ''
    const closed = reach.closed(host, reached)
    if (closed) throw noSuchSite(host, `${host} was reached at ${reached}: ${closed}`)
    if (!secured) return socket

    const servername = isIP(host) ? '' : host
    const safe = secureOver({ socket, host, servername, rejectUnauthorized: true, ALPNProtocols: ['http/1.1'] })
    addAbortSignal(whole, quietly(safe))
    const unsafe = `No safe connection to ${host} could be made. Its certificate may have run out or be another site's.`
    await opened(safe, 'secureConnect', ends, unsafe)
    return safe
  }
}
