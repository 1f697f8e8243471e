import { lookup, Resolver } from 'node:dns/promises'
import { once } from 'node:events'

export type AddressesOf = (host: string, ends: AbortSignal) => Promise<string[]>

/**
 * All addresses of a name, asked from the name servers themselves: a slow one holds none of the few threads that
 * sign-ins and files wait for, as it would through the operating system.
 */
export function nameServers(servers?: string[]): AddressesOf {
  return async (host, ends) => {
    const resolver = new Resolver({ timeout: 2000, tries: 3 })
    if (servers) resolver.setServers(servers)
    const cancel = () => resolver.cancel()
    ends.addEventListener('abort', cancel)
    try {
      const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    } finally {
      ends.removeEventListener('abort', cancel)
    }
  }
}

/** A name in FETCH_ALLOW may be one that only this machine knows, from its hosts file for instance. */
export const thisMachine: AddressesOf = async (host, ends) => {
  const found = lookup(host, { all: true }).catch(() => [])
  return (await Promise.race([found, once(ends, 'abort').then(() => [])])).map(({ address }) => address)
}
