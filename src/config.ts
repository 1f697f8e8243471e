import { isIP } from 'node:net'

/** What a setting's text is turned into, or the words that say what it must be. */
type Reader<Value> = { must: string; read: (text: string) => Value | undefined }

const text: Reader<string> = { must: 'text', read: (value) => value }

const secretText: Reader<string> = {
  must: 'at least 32 characters of randomness',
  read: (value) => (value.length >= 32 ? value : undefined)
}

/** A header takes nothing else. */
function ascii(path: string): string {
  const { pathname, search, hash } = new URL(path, 'http://here.invalid')
  return pathname + search + hash
}

const ownPath: Reader<string> = {
  must: 'a path on this server, such as /invite-coparent',
  read: (value) => (/^\/(?![/\\])[^\s\\]*$/.test(value) ? ascii(value) : undefined)
}

const mailbox: Reader<string> = {
  must: 'a mail address, such as Carrel <desk@example.com>',
  read: (value) => (/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/.test(value) ? value : undefined)
}

function wholeNumber(least: number, most: number): Reader<number> {
  return {
    must: `a whole number from ${least} to ${most}`,
    read: (value) => {
      const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
      return number >= least && number <= most ? number : undefined
    }
  }
}

function oneOf<const Choice extends string>(...choices: Choice[]): Reader<Choice> {
  return { must: `one of ${choices.join(', ')}`, read: (value) => choices.find((choice) => choice === value) }
}

function address(must: string, ...schemes: string[]): Reader<string> {
  return {
    must,
    read: (value) => (URL.canParse(value) && schemes.includes(new URL(value).protocol) ? value : undefined)
  }
}

function origin(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined
  const url = new URL(value)
  const bare = url.pathname === '/' && !url.search && !url.hash && !url.username
  return bare && ['http:', 'https:'].includes(url.protocol) ? url.origin : undefined
}

const site: Reader<string> = {
  must: 'the address people type, without a path, such as https://carrel.example.com',
  read: origin
}

function listOf(must: string, item: (value: string) => string | undefined): Reader<string[]> {
  return {
    must,
    read: (value) => {
      const items = value.split(',').map((part) => item(part.trim()))
      return items.every((part) => part !== undefined) ? (items as string[]) : undefined
    }
  }
}

function network(value: string): string | undefined {
  const [ip = '', bits, ...rest] = value.split('/')
  const most = isIP(ip) === 6 ? 128 : 32
  const sized = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  return isIP(ip) && sized && rest.length === 0 ? value : undefined
}

const hostOrNetwork = (value: string) => network(value) ?? (/^[a-z0-9.-]+$/i.test(value) ? value : undefined)

const http = address('a web address, such as http://127.0.0.1:11434/v1', 'http:', 'https:')

/** The settings that are checked now and used by rooms still to be built; the start says so when one is set. */
export const awaited = [
  'REDIS_URL',
  'CORS_ORIGINS',
  'GOOGLE_CLIENT_ID',
  'GOOGLE_CLIENT_SECRET',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_NAME',
  'MODEL_URL',
  'MODEL_NAME',
  'MODEL_KEY',
  'EMBEDDING_URL',
  'EMBEDDING_NAME',
  'NEO4J_URL',
  'FETCH_ALLOW',
  'UPLOAD_MAX_MB',
  'USER_QUOTA_MB'
] as const

export class WrongSettings extends Error {}

/** Turns the environment into one frozen object, or throws with a line for every setting that is wrong. */
export function readConfig(env: Record<string, string | undefined>) {
  const problems: string[] = []

  function setting<Value, Fallback>(name: string, reader: Reader<Value>, fallback: Fallback): Value | Fallback {
    const given = env[name]?.trim()
    if (!given) return fallback
    const value = reader.read(given)
    if (value === undefined) problems.push(`${name} must be ${reader.must}.`)
    return value ?? fallback
  }

  const production = env.NODE_ENV === 'production'
  const config = {
    production,
    port: setting('PORT', wholeNumber(0, 65535), 3000),
    host: setting('HOST', text, '127.0.0.1'),
    publicUrl: setting('PUBLIC_URL', site, undefined),
    dataDir: setting('DATA_DIR', text, './data'),
    databaseUrl: setting(
      'DATABASE_URL',
      address('empty, or postgres://user:password@host/database', 'postgres:', 'postgresql:'),
      undefined
    ),
    secretKey: setting('SECRET_KEY', secretText, undefined),
    signup: setting('SIGNUP', oneOf('open', 'invite', 'closed'), 'open' as const),
    signupDisclosure: setting('SIGNUP_DISCLOSURE', oneOf('helpful', 'private'), 'helpful' as const),
    afterSignupPath: setting('AFTER_SIGNUP_PATH', ownPath, '/invite-coparent'),
    passwordMinLength: setting('PASSWORD_MIN_LENGTH', wholeNumber(8, 64), 10),
    trustProxy: setting('TRUST_PROXY', listOf('addresses or networks, such as 127.0.0.1, 10.0.0.0/8', network), []),
    smtpUrl: setting('SMTP_URL', address('smtp:// or smtps:// and a host', 'smtp:', 'smtps:'), undefined),
    mailFrom: setting('MAIL_FROM', mailbox, undefined),
    signupLimit: setting('SIGNUP_LIMIT', wholeNumber(1, 100_000), 30),
    apiLimit: setting('API_LIMIT', wholeNumber(1, 1_000_000), 300),
    hashMemoryMb: setting('HASH_MEMORY_MB', wholeNumber(1, 4096), 64),
    logLevel: setting('LOG_LEVEL', oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'info' as const)
  }

  setting('REDIS_URL', address('redis:// or rediss:// and a host', 'redis:', 'rediss:'), undefined)
  setting('CORS_ORIGINS', listOf('origins, such as https://app.example.com', origin), [])
  for (const name of ['OIDC_ISSUER', 'MODEL_URL', 'EMBEDDING_URL']) setting(name, http, undefined)
  setting('NEO4J_URL', address('bolt:// or neo4j:// and a host', 'bolt:', 'neo4j:', 'bolt+s:', 'neo4j+s:'), undefined)
  setting('FETCH_ALLOW', listOf('hosts or networks, such as wiki.local, 10.0.0.0/8', hostOrNetwork), [])
  setting('UPLOAD_MAX_MB', wholeNumber(1, 10_000), 25)
  setting('USER_QUOTA_MB', wholeNumber(1, 10_000_000), 1000)

  if (production && config.hashMemoryMb < 19) problems.push('HASH_MEMORY_MB must be at least 19 in production.')
  if (problems.length > 0) throw new WrongSettings(problems.join('\n'))
  return Object.freeze({ ...config, secure: config.publicUrl ? config.publicUrl.startsWith('https:') : production })
}

export type Config = ReturnType<typeof readConfig>
