import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { closedNetworkOf, networks } from './networks.ts'
import { ownNetworks } from './own-networks.ts'

/** What may be reached: what is public, and whatever FETCH_ALLOW names besides. */
export function reachOf(allow: string[], interfaces = networkInterfaces) {
  const isNetwork = (entry: string) => isIP(entry.split('/', 1)[0] as string) !== 0
  const allowed = networks(allow.filter(isNetwork))
  const hosts = new Set(allow.filter((entry) => !isNetwork(entry)).map((host) => host.toLowerCase()))

  /** Why the address may not be reached, or nothing. */
  function closed(host: string, address: string): string | undefined {
    if (hosts.has(host) || allowed.has(address)) return undefined
    return closedNetworkOf(address) ?? (ownNetworks(interfaces()).has(address) ? 'beside this machine' : undefined)
  }

  return { closed, names: (host: string) => hosts.has(host) }
}

export type Reach = ReturnType<typeof reachOf>
