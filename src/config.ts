import { providersFrom } from './identities/provider.ts'
import {
  hostOrNetwork,
  isLoopback,
  issuer,
  listOf,
  mailbox,
  mailServer,
  neo4j,
  network,
  oneOf,
  origin,
  ownPath,
  postgres,
  type Reader,
  redis,
  secretTexts,
  site,
  text,
  webAddress,
  wholeNumber
} from './setting-readers.ts'

/** The settings that are checked now and used by rooms still to be built; the start says so when one is set. */
export const awaited = ['REDIS_URL', 'NEO4J_URL'] as const

/** Each of these says nothing without the others. */
const together = [
  ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']
]

export class WrongSettings extends Error {}

/** Turns the environment into one frozen object, or throws with a line for every setting that is wrong. */
export function readConfig(env: Record<string, string | undefined>) {
  const problems: string[] = []
  const given = (name: string) => env[name]?.trim()

  function setting<Value, Fallback>(name: string, reader: Reader<Value>, fallback: Fallback): Value | Fallback {
    const typed = given(name)
    if (!typed) return fallback
    const value = reader.read(typed)
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
    databaseUrl: setting('DATABASE_URL', postgres, undefined),
    secretKeys: setting('SECRET_KEY', secretTexts, undefined),
    signup: setting('SIGNUP', oneOf('open', 'invite', 'closed'), 'open' as const),
    signupDisclosure: setting('SIGNUP_DISCLOSURE', oneOf('helpful', 'private'), 'helpful' as const),
    afterSignupPath: setting('AFTER_SIGNUP_PATH', ownPath, '/invite-coparent'),
    passwordMinLength: setting('PASSWORD_MIN_LENGTH', wholeNumber(8, 64), 10),
    trustProxy: setting('TRUST_PROXY', listOf('addresses or networks, such as 127.0.0.1, 10.0.0.0/8', network), []),
    corsOrigins: setting('CORS_ORIGINS', listOf('origins, such as https://app.example.com', origin), []),
    smtpUrl: setting('SMTP_URL', mailServer, undefined),
    mailFrom: setting('MAIL_FROM', mailbox, undefined),
    signupLimit: setting('SIGNUP_LIMIT', wholeNumber(1, 100_000), 30),
    apiLimit: setting('API_LIMIT', wholeNumber(1, 1_000_000), 300),
    hashMemoryMb: setting('HASH_MEMORY_MB', wholeNumber(1, 4096), 64),
    modelUrl: setting('MODEL_URL', webAddress, undefined),
    modelName: setting('MODEL_NAME', text, 'default'),
    modelKey: setting('MODEL_KEY', text, undefined),
    embeddingUrl: setting('EMBEDDING_URL', webAddress, undefined),
    embeddingName: setting('EMBEDDING_NAME', text, 'default'),
    fetchAllow: setting('FETCH_ALLOW', listOf('hosts or networks, such as wiki.local, 10.0.0.0/8', hostOrNetwork), []),
    uploadMaxMb: setting('UPLOAD_MAX_MB', wholeNumber(1, 10_000), 25),
    userQuotaMb: setting('USER_QUOTA_MB', wholeNumber(1, 10_000_000), 1000),
    providers: providersFrom({
      google: {
        clientId: setting('GOOGLE_CLIENT_ID', text, undefined),
        clientSecret: setting('GOOGLE_CLIENT_SECRET', text, undefined)
      },
      oidc: {
        issuer: setting('OIDC_ISSUER', issuer, undefined),
        clientId: setting('OIDC_CLIENT_ID', text, undefined),
        clientSecret: setting('OIDC_CLIENT_SECRET', text, undefined),
        name: setting('OIDC_NAME', text, 'your organisation')
      }
    }),
    logLevel: setting('LOG_LEVEL', oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'info' as const)
  }

  setting('REDIS_URL', redis, undefined)
  setting('NEO4J_URL', neo4j, undefined)

  for (const names of together) {
    const one = names.find(given)
    const missing = one ? names.filter((name) => !given(name)) : []
    for (const name of missing) problems.push(`${name} must be set where ${one} is.`)
  }
  if (config.providers.length > 0 && !config.publicUrl && !isLoopback(config.host))
    problems.push('PUBLIC_URL must be set where people sign in with a provider, which sends them back to that address.')
  if (production && config.hashMemoryMb < 19) problems.push('HASH_MEMORY_MB must be at least 19 in production.')
  if (problems.length > 0) throw new WrongSettings(problems.join('\n'))
  return Object.freeze({ ...config, secure: config.publicUrl ? config.publicUrl.startsWith('https:') : production })
}

export type Config = ReturnType<typeof readConfig>
