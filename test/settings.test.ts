import t from 'tap'
import { readConfig, WrongSettings } from '../src/config.ts'

type Settings = Record<string, string>

/** The settings that are refused, each of which is told in a line of its own. */
function refused(settings: Settings): string[] {
  try {
    readConfig(settings)
    return []
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error
    return error.message.split('\n').map((line) => /^([A-Z0-9_]+) must be .+\.$/.exec(line)?.[1] ?? line)
  }
}

t.test('whatever is not what it must be is named, all of it at once', async (t) => {
  const wrong = {
    PORT: '70000',
    PUBLIC_URL: 'carrel.example.com',
    DATABASE_URL: 'mysql://localhost/x',
    SECRET_KEY: 'too short',
    SIGNUP: 'perhaps',
    PASSWORD_MIN_LENGTH: '3',
    CORS_ORIGINS: 'https://app.example.com, app',
    FETCH_ALLOW: 'wiki.local, ?'
  }
  t.same(refused(wrong).sort(), Object.keys(wrong).sort())
  t.same(refused({}), [])
})

t.test('an address without what it needs to lead somewhere is refused', async (t) => {
  const wrong = {
    SMTP_URL: ['smtp://', 'smtps:///', 'smtp:mail', 'https://mail.example.com'],
    REDIS_URL: ['redis://', 'redis:///0', 'rediss:'],
    NEO4J_URL: ['bolt://', 'neo4j+s://', 'http://localhost:7687'],
    MODEL_URL: ['http://', '127.0.0.1:11434'],
    DATABASE_URL: ['postgres://', 'postgres://host', 'postgres://host/', 'postgres:///name', 'postgres:///?host=/run']
  }
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) t.same(refused({ [name]: value }), [name], value)
  }
  const right = {
    SMTP_URL: ['smtp://localhost', 'smtps://user:password@mail.example.com:465'],
    REDIS_URL: ['redis://localhost:6379', 'rediss://:password@cache.example.com/1'],
    NEO4J_URL: ['bolt://localhost:7687', 'neo4j+s://graph.example.com'],
    MODEL_URL: ['http://127.0.0.1:11434/v1'],
    DATABASE_URL: [
      'postgres://carrel:password@localhost/carrel',
      'postgresql://[::1]:5433/carrel?sslmode=require',
      'postgres:///carrel?host=/run/postgresql',
      'postgres://carrel@%2Frun%2Fpostgresql/carrel'
    ]
  }
  for (const [name, values] of Object.entries(right)) {
    for (const value of values) t.same(refused({ [name]: value }), [], value)
  }
})

t.test('letters come from one address, with or without a name', async (t) => {
  const right = [
    'a@b',
    '<a@b>',
    'Carrel <desk@example.com>',
    '"Carrel, the desk" <desk@example.com>',
    'Zoë O’Hara <z@b.de>'
  ]
  for (const value of right) t.equal(readConfig({ MAIL_FROM: value }).mailFrom, value)
  const wrong = [
    'Carrel <a@b',
    'a@b>',
    'Carrel a@b',
    'Carrel <a>',
    '@b',
    'a@b, c@d',
    'Carrel, Inc <a@b>',
    'C <a@b> <c@d>'
  ]
  for (const value of wrong) t.same(refused({ MAIL_FROM: value }), ['MAIL_FROM'], value)
})

t.test('newcomers are sent to a path of ours, in letters that a header takes', async (t) => {
  for (const value of [
    '//evil',
    '/%2f/evil',
    '/%252fevil',
    '/\\evil',
    '/x/..//evil',
    'tasks',
    'https://evil.example'
  ]) {
    t.same(refused({ AFTER_SIGNUP_PATH: value }), ['AFTER_SIGNUP_PATH'], value)
  }
  const right = { '/tasks?a=1#b': '/tasks?a=1#b', '/größe': '/gr%C3%B6%C3%9Fe' }
  for (const [value, path] of Object.entries(right)) {
    t.equal(readConfig({ AFTER_SIGNUP_PATH: value }).afterSignupPath, path)
  }
})

t.test('settings that say nothing without each other are asked for together', async (t) => {
  const id = { OIDC_ISSUER: 'https://id.example.com' }
  t.same(refused({ GOOGLE_CLIENT_ID: 'x' }), ['GOOGLE_CLIENT_SECRET'])
  t.same(refused({ GOOGLE_CLIENT_SECRET: 'x', GOOGLE_CLIENT_ID: ' ' }), ['GOOGLE_CLIENT_ID'])
  t.same(refused({ GOOGLE_CLIENT_ID: 'x', GOOGLE_CLIENT_SECRET: 'x' }), [])
  t.same(refused(id), ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'])
  t.same(refused({ ...id, OIDC_CLIENT_ID: 'x' }), ['OIDC_CLIENT_SECRET'])
  t.same(refused({ OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'x' }), ['OIDC_ISSUER'])
  t.same(refused({ ...id, OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'x' }), [])
})

t.test('of several keys each is a whole one', async (t) => {
  const [one, two] = ['x'.repeat(32), 'y'.repeat(40)]
  t.same(readConfig({ SECRET_KEY: one }).secretKeys, [one])
  t.same(readConfig({ SECRET_KEY: `${one}, ${two}` }).secretKeys, [one, two])
  for (const value of [
    'x'.repeat(31),
    `${one},`,
    `,${one}`,
    `${one},short`,
    'x'.repeat(20).concat(',', 'y'.repeat(20))
  ])
    t.same(refused({ SECRET_KEY: value }), ['SECRET_KEY'], value)
})

t.test('a provider is reached over https, unless it is on this machine', async (t) => {
  const client = { OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y' }
  for (const value of [
    'http://id.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1',
    'ftp://localhost',
    'id.example.com',
    'https://id.example.com?tenant=1',
    'https://id.example.com/#x',
    'https://user@id.example.com',
    'https://id.example.com/.well-known/openid-configuration'
  ]) {
    t.same(refused({ ...client, OIDC_ISSUER: value }), ['OIDC_ISSUER'], value)
  }
  for (const value of [
    'https://id.example.com',
    'https://id.example.com/realms/x',
    'http://127.0.0.1:9',
    'http://[::1]:9'
  ])
    t.same(refused({ ...client, OIDC_ISSUER: value }), [], value)
})

t.test('a provider has a public address to send people back to, unless all of it is on one machine', async (t) => {
  const google = { GOOGLE_CLIENT_ID: 'x', GOOGLE_CLIENT_SECRET: 'y' }
  for (const HOST of ['0.0.0.0', '::', '10.0.0.1', 'carrel.example.com']) {
    t.same(refused({ ...google, HOST }), ['PUBLIC_URL'], HOST)
    t.same(refused({ ...google, HOST, PUBLIC_URL: 'https://carrel.example.com' }), [])
    t.same(refused({ HOST }), [])
  }
  for (const HOST of ['127.0.0.1', '::1', 'localhost']) t.same(refused({ ...google, HOST }), [], HOST)
})

t.test('a proxy that is trusted is one, or a network of some', async (t) => {
  for (const value of ['0.0.0.0/0', '::/0', '10.0.0.0/33', 'proxy.example.com']) {
    t.same(refused({ TRUST_PROXY: value }), ['TRUST_PROXY'], value)
  }
  t.same(readConfig({ TRUST_PROXY: '::1, 10.0.0.0/8' }).trustProxy, ['::1', '10.0.0.0/8'])
})
