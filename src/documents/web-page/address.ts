import { PageRefused } from './refused.ts'

const longest = 4096

/**
 * The one reading of an address, which everything after it goes by. The WHATWG parser has then written every odd way of
 * an IPv4 address out in full and every name in ASCII, and has refused what has a zone.
 */
export function pageAddress(typed: string, from?: URL): URL {
  const url = typed.length > longest ? null : URL.parse(typed, from?.href)
  if (!url) throw new PageRefused('This is not the address of a web page.')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new PageRefused('Only pages at http:// and https:// can be saved.')
  if (url.username || url.password) throw new PageRefused('Leave the name and the password out of the address.')
  if (url.hostname.endsWith('.') || url.port === '0') throw new PageRefused('This is not the address of a web page.')
  return url
}

/** The host as it is looked up and proven: an IPv6 address has lost its brackets. */
export const hostOf = (url: URL) => url.hostname.replace(/^\[(.+)\]$/, '$1')

const redirects = [301, 302, 303, 307, 308]

/** Where an answer leads on to. Its header arrives byte by byte, and is written in UTF-8 where it is not in ASCII. */
export function nextAddress(from: URL, status: number, location: string | undefined): URL | undefined {
  if (!redirects.includes(status) || location === undefined) return undefined
  const next = pageAddress(Buffer.from(location, 'latin1').toString(), from)
  if (from.protocol === 'https:' && next.protocol === 'http:')
    throw new PageRefused(
      `${from.hostname} leads on to ${next.origin}, which others could change on the way. Give that address itself if you trust it.`
    )
  return next
}
