import { get } from 'node:http'
import { brotliDecompressSync } from 'node:zlib'

type Fetched = { bytes: number; text: string }

/** Asks on a connection of its own and counts everything that comes back on it, head and body. */
function fetchCounted(url: URL): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'gzip, br', accept: '*/*' }
    get(url, { agent: false, headers }, async (answer) => {
      const bytes = Buffer.concat(await answer.toArray())
      const text = (answer.headers['content-encoding'] === 'br' ? brotliDecompressSync(bytes) : bytes).toString()
      if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`))
      resolve({ bytes: answer.socket.bytesRead, text })
    }).once('error', reject)
  })
}

const linked = /<(?:link|script)\b[^>]*?\b(?:href|src)="([^"]+)"[^>]*>/g
/** What is imported at once; what only some pages need is fetched by those. */
const imported = /\b(?:from|import)\s*'(\.[^']+)'/g

/** The bytes a browser takes for a first visit: the page, what it links, and the modules those import. */
export async function firstVisit(site: string) {
  const found = new Map<string, number>()
  async function take(url: URL, also: RegExp) {
    if (found.has(url.href)) return
    found.set(url.href, 0)
    const { bytes, text } = await fetchCounted(url)
    found.set(url.href, bytes)
    for (const [, path = ''] of text.matchAll(also)) await take(new URL(path, url), imported)
  }
  await take(new URL(site), linked)

  const sum = (wanted: (url: string) => boolean) =>
    [...found].filter(([url]) => wanted(url)).reduce((total, [, bytes]) => total + bytes, 0)
  const isFont = (url: string) => url.endsWith('.woff2')
  return { page: sum((url) => !isFont(url)), fonts: sum(isFont), files: [...found.keys()] }
}
