import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { hostOf } from './address.ts'
import { PageRefused } from './refused.ts'

const headers = {
  'user-agent': 'Carrel (saves a page for one of its readers)',
  accept: 'text/html, application/xhtml+xml, application/pdf, text/*;q=0.9, */*;q=0.5',
  'accept-encoding': 'gzip, deflate, br, zstd'
}

/** Asks for the page over a connection of its own. No agent takes part, so no proxy and no other connection does. */
export async function answer(url: URL, socket: Socket, ends: AbortSignal): Promise<IncomingMessage> {
  const asked = request({
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, ...headers },
    insecureHTTPParser: false,
    createConnection: () => socket
  })
  asked.on('error', () => {}).end()
  try {
    const closed = once(asked, 'close', { signal: ends })
    const [response] = await Promise.race([once(asked, 'response', { signal: ends }), closed])
    if (!response) throw new Error('closed without an answer')
    return response
  } catch (cause) {
    throw new PageRefused(`${hostOf(url)} broke off before it sent the page.`, { cause })
  }
}

const refusals: Record<number, string> = {
  401: 'shows this page only to those who sign in there',
  403: 'does not show this page to Carrel',
  404: 'has no such page',
  410: 'no longer has this page',
  429: 'is asked too often at the moment'
}

/** Only a whole page will do; 206 is a part that nobody asked for. */
export function refuseStatus(url: URL, status: number) {
  if (status >= 200 && status < 300 && status !== 206) return
  const otherwise = status >= 500 ? 'has trouble of its own at the moment' : 'did not send the page'
  throw new PageRefused(`${hostOf(url)} ${refusals[status] ?? otherwise} (${status}).`)
}
