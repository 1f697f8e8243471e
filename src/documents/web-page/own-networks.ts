import type { networkInterfaces } from 'node:os'
import { networks } from './networks.ts'

type Interfaces = ReturnType<typeof networkInterfaces>

/**
 * What stands beside this machine though its address is public. What it offers to itself may be shut to the world, and
 * an IPv6 network of its own is what used to be a private one; IPv4 neighbours may well be strangers.
 */
export function ownNetworks(interfaces: Interfaces) {
  const cards = Object.values(interfaces).flatMap((cards) => cards ?? [])
  return networks(
    cards.map(({ address, family, cidr }) => {
      const bits = Number(cidr?.split('/')[1])
      return family === 'IPv6' && bits >= 64 ? `${address}/${bits}` : address
    })
  )
}
