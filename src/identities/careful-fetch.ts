import { isLoopback } from '../setting-readers.ts'

const most = 256 * 1024

/** Reads no more than anybody honest has to say. */
async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.byteLength
    if (length > most) throw new TypeError(`an answer of more than ${most} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

/** An address that nobody can read along with on the way. */
export function safeAddress(address: string): string {
  const { protocol, hostname } = new URL(address)
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return address
  throw new TypeError(`an address that is not safe: ${hostname}`)
}

/** Asks a provider: never in clear beyond this machine, no further than it was told, and not for long. */
export function carefulFetch(ends: AbortSignal) {
  return async (address: string, options: RequestInit): Promise<Response> => {
    const response = await fetch(safeAddress(address), { ...options, redirect: 'manual', signal: ends })
    const { status, headers } = response
    return new Response(await textOf(response), { status, headers })
  }
}
