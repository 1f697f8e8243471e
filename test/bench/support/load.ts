import { performance } from 'node:perf_hooks'
import autocannon from 'autocannon'
import type { Server } from './server.ts'

const connections = 10

const browserHeaders = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'en-GB,en;q=0.7',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate'
}

type Headers = Record<string, string>

export const asBrowser = (cookie: string): Headers => ({ ...browserHeaders, cookie })

/** A server to be asked for one thing, as whom, and what it must answer every time. */
export type Contender = { name: string; server: Server; path?: string; headers: Headers; page: string }

export async function firstPage({ url }: Server, cookie: string) {
  const answer = await fetch(url, { headers: asBrowser(cookie), redirect: 'manual' })
  const page = await answer.text()
  if (answer.status !== 200 || !page.includes('desk</h1>')) throw new Error(`this is no desk: ${page.slice(0, 300)}`)
  return { page, headers: answer.headers }
}

function fire(url: string, headers: Headers, amount: number, expectBody: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    let last = began
    const load = autocannon({ url, connections, amount, headers, expectBody, sampleInt: 100 }, (error, result) => {
      if (error) return reject(error)
      const { '2xx': good, non2xx, errors, timeouts, mismatches } = result
      if (good === amount && non2xx + errors + timeouts + mismatches === 0) return resolve(last - began)
      reject(new Error(`${url} cheated: ${JSON.stringify({ amount, good, non2xx, errors, timeouts, mismatches })}`))
    })
    load.on('response', () => {
      last = performance.now()
    })
  })
}

/** So many requests, each of which must answer 200 and exactly this page: µs of processor for one, and how many a second. */
export async function measure({ server, path = '', headers, page }: Contender, amount: number) {
  const before = await server.cpu()
  const took = await fire(server.url + path, headers, amount, page)
  return { cpu: ((await server.cpu()) - before) / amount, perSecond: (amount / took) * 1000 }
}

/** All of them in turn, again and again, every other time in reverse, after each has warmed up. */
export async function race(contenders: Contender[], { rounds, amount }: { rounds: number; amount: number }) {
  const results = new Map(contenders.map(({ name }) => [name, { cpu: [] as number[], perSecond: [] as number[] }]))
  for (const contender of contenders) await measure(contender, amount)
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of round % 2 ? contenders.toReversed() : contenders) {
      const { cpu, perSecond } = await measure(contender, amount)
      results.get(contender.name)?.cpu.push(cpu)
      results.get(contender.name)?.perSecond.push(perSecond)
    }
  }
  return (name: string) => results.get(name) as { cpu: number[]; perSecond: number[] }
}
