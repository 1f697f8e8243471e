import { isIP } from 'node:net'
import { nextPath } from './accounts/next-path.ts'

/** What a setting's text is turned into, or the words that say what it must be. */
export type Reader<Value> = { must: string; read: (text: string) => Value | undefined }

export const text: Reader<string> = { must: 'text', read: (value) => value }

export const ownPath: Reader<string> = { must: 'a path on this server, such as /invite-coparent', read: nextPath }

const bareMailbox = /^[^\s@<>",;:]+@[^\s@<>",;:]+$/
const namedMailbox = /^(?:"[^"\r\n]*"|[^\r\n@<>",;:]*)\s*<[^\s@<>",;:]+@[^\s@<>",;:]+>$/

export const mailbox: Reader<string> = {
  must: 'a mail address, such as Carrel <desk@example.com>',
  read: (value) => (bareMailbox.test(value) || namedMailbox.test(value) ? value : undefined)
}

export function wholeNumber(least: number, most: number): Reader<number> {
  return {
    must: `a whole number from ${least} to ${most}`,
    read: (value) => {
      const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
      return number >= least && number <= most ? number : undefined
    }
  }
}

export function oneOf<const Choice extends string>(...choices: Choice[]): Reader<Choice> {
  return { must: `one of ${choices.join(', ')}`, read: (value) => choices.find((choice) => choice === value) }
}

function address(must: string, schemes: string[], whole = ({ hostname }: URL) => hostname !== ''): Reader<string> {
  return {
    must,
    read: (value) => {
      const url = URL.parse(value)
      return url && schemes.includes(url.protocol) && whole(url) ? value : undefined
    }
  }
}

export const webAddress = address('a web address, such as http://127.0.0.1:11434/v1', ['http:', 'https:'])
const ownNames = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/

/** Whether a host is this very machine, by names that nobody else can have. */
export const isLoopback = (host: string) => ownNames.test(host)

/** As the provider writes it, but always in the same letters, because accounts are found by it. */
export const issuer: Reader<string> = {
  must: 'the https address of a provider, such as https://id.example.com; http only on this machine',
  read: (value) => {
    const url = URL.parse(value)
    const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
    const plain = url && !url.search && !url.hash && !url.username && !url.pathname.includes('/.well-known/')
    return safe && plain ? url.href : undefined
  }
}

export const mailServer = address('smtp:// or smtps:// and a host', ['smtp:', 'smtps:'])
export const redis = address('redis:// or rediss:// and a host', ['redis:', 'rediss:'])
export const neo4j = address('bolt:// or neo4j:// and a host', ['bolt:', 'neo4j:', 'bolt+s:', 'neo4j+s:'])

/** A database on this machine may be reached through a socket, whose folder stands in `?host=`. */
export const postgres = address(
  'empty, or postgres://user:password@host/database',
  ['postgres:', 'postgresql:'],
  ({ hostname, pathname, searchParams }) => Boolean(hostname || searchParams.get('host')) && pathname.length > 1
)

export function origin(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined
  const url = new URL(value)
  const bare = url.pathname === '/' && !url.search && !url.hash && !url.username
  return bare && ['http:', 'https:'].includes(url.protocol) ? url.origin : undefined
}

export const site: Reader<string> = {
  must: 'the address people type, without a path, such as https://carrel.example.com',
  read: origin
}

export function listOf(must: string, item: (value: string) => string | undefined): Reader<string[]> {
  return {
    must,
    read: (value) => {
      const items = value.split(',').map((part) => item(part.trim()))
      return items.every((part) => part !== undefined) ? (items as string[]) : undefined
    }
  }
}

export const secretTexts = listOf(
  'at least 32 characters of randomness, or several such keys with commas between, the one in use first',
  (value) => (value.length >= 32 ? value : undefined)
)

export function network(value: string): string | undefined {
  const [ip = '', bits, ...rest] = value.split('/')
  const most = isIP(ip) === 6 ? 128 : 32
  const sized = bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most)
  return isIP(ip) && sized && rest.length === 0 ? value : undefined
}

export const hostOrNetwork = (value: string) => network(value) ?? (/^[a-z0-9.-]+$/i.test(value) ? value : undefined)
