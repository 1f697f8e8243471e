import { open, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { networkInterfaces } from 'node:os'
import { nextAddress, pageAddress } from './address.ts'
import { answer, refuseStatus } from './answer.ts'
import { connections } from './connection.ts'
import { contentTypeOf } from './content-type.ts'
import { type AddressesOf, nameServers, thisMachine } from './names.ts'
import { reachOf } from './reach.ts'
import { PageRefused } from './refused.ts'
import { unpacked } from './unpacked.ts'
import { within } from './within.ts'

export { PageRefused }

/** `url` is where the page was found in the end. */
export type Saved = { url: string; contentType: string; bytes: number }

type Options = { allow: string[]; mostBytes: number; timeLimitMs?: number }
type Surroundings = { addressesOf?: AddressesOf; interfaces?: typeof networkInterfaces }

const mostRedirects = 5
const connectLimitMs = 10_000
const answerLimitMs = 20_000

/** Writes to a file that must not be there yet, and takes it away again unless all of it was written. */
async function keep(pieces: AsyncIterable<Buffer>, toFile: string): Promise<number> {
  const file = await open(toFile, 'wx', 0o600)
  try {
    await file.writeFile(pieces)
    await file.sync()
    const { size } = await file.stat()
    if (size === 0) throw new PageRefused('There is nothing on this page.')
    return size
  } catch (error) {
    await rm(toFile, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** Saves web pages for people who are not to reach, through Carrel, what is private around it. */
export function webPages({ allow, mostBytes, timeLimitMs = 60_000 }: Options, around: Surroundings = {}) {
  const reach = reachOf(allow, around.interfaces)
  const publicNames = around.addressesOf ?? nameServers()
  const connect = connections(reach, (host, ends) => (reach.names(host) ? thisMachine : publicNames)(host, ends))

  async function ask(url: URL, ends: AbortSignal): Promise<IncomingMessage> {
    const socket = await within(connectLimitMs, ends, (soon) => connect(url, ends, soon))
    return within(answerLimitMs, ends, (soon) => answer(url, socket, soon))
  }

  async function follow(typed: string, ends: AbortSignal) {
    let url = pageAddress(typed)
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      const response = await ask(url, ends)
      const next = nextAddress(url, response.statusCode ?? 0, response.headers.location)
      if (!next) return { url, response }
      response.destroy()
      url = next
    }
    throw new PageRefused('This address leads on and on, and never to a page.')
  }

  async function save(typed: string, toFile: string, signal = new AbortController().signal): Promise<Saved> {
    return within(timeLimitMs, signal, async (ends) => {
      const { url, response } = await follow(typed, ends)
      refuseStatus(url, response.statusCode ?? 0)
      const contentType = contentTypeOf(response.headers['content-type'])
      if (!contentType) throw new PageRefused('This is not a kind of page or file that Carrel can read.')
      return { url: url.href, contentType, bytes: await keep(unpacked(response, mostBytes), toFile) }
    })
  }

  return { save }
}
