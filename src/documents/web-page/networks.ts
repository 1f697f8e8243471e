import { BlockList, isIP } from 'node:net'

/** Where no public page can be: the special-purpose registries of IANA, and what leads back into IPv4 by a detour. */
export const closedNetworks: Record<string, string[]> = {
  'this machine': ['127.0.0.0/8', '::1/128'],
  'this network': ['0.0.0.0/8', '::/128'],
  'a private network': ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  'the link': ['169.254.0.0/16', 'fe80::/10'],
  'a site of old': ['fec0::/10'],
  'the inside of a provider': ['100.64.0.0/10'],
  'the platform of a cloud': ['168.63.129.16/32'],
  'protocol assignments': ['192.0.0.0/24', '2001::/23'],
  documentation: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
  benchmarks: ['198.18.0.0/15', '2001:2::/48'],
  'many at once': ['224.0.0.0/4', 'ff00::/8'],
  everybody: ['255.255.255.255/32'],
  nowhere: ['100::/64', '100:0:0:1::/64'],
  'an IPv4 address inside IPv6': ['::/96', '::ffff:0:0/96', '::ffff:0:0:0/96'],
  'a translation to IPv4': ['64:ff9b::/96', '64:ff9b:1::/48'],
  'a tunnel to IPv4': ['192.88.99.0/24', '2001::/32', '2002::/16'],
  'segment routing': ['5f00::/16'],
  'not given to anybody': ['240.0.0.0/4', '::/3', '4000::/2', '8000::/1']
}

/** IPv4 and IPv6 are kept apart, for one list of both takes a network of IPv6 for the IPv4 that can be written in it. */
export function networks(written: string[]) {
  const lists = { 4: new BlockList(), 6: new BlockList() }
  for (const network of written) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) as 4 | 6
    lists[family].addSubnet(address, Number(bits ?? (family === 4 ? 32 : 128)), `ipv${family}`)
  }

  return {
    has(address: string): boolean {
      const family = isIP(address)
      return family !== 0 && lists[family as 4 | 6].check(address, `ipv${family as 4 | 6}`)
    }
  }
}

const closed = Object.entries(closedNetworks).map(([name, written]) => ({ name, has: networks(written).has }))

/** What is at an address that is not public. What is no plain address, one with a zone too, is not public either. */
export function closedNetworkOf(address: string): string | undefined {
  if (!isIP(address) || address.includes('%')) return 'no plain address'
  return closed.find(({ has }) => has(address))?.name
}
