import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import type { Browser } from './browser.ts'

export const clientId = 'carrel'
export const clientSecret = 'a secret between the two'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }
export const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const signedByUs = (input: string) => sign('sha256', Buffer.from(input), privateKey).toString('base64url')

export type Person = { sub: string; [claim: string]: unknown }

/** How an answer differs from an honest one. */
export type Twist = {
  claims?: object
  header?: object
  signature?: (input: string) => string
  /** Of the address somebody is sent back to; what is undefined is left out. */
  back?: Record<string, string | undefined>
  /** What else the token endpoint says. */
  tokens?: object
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void
export type Endpoint = 'discovery' | 'token' | 'jwks' | 'userinfo'

export const json = (response: ServerResponse, body: object, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

/** A provider that says whatever a test wants it to, and otherwise does what an honest one does. */
export async function startProvider(t: Pick<Test, 'teardown'>) {
  const asked: string[] = []
  const instead: Partial<Record<Endpoint, Answer>> = {}
  const codes = new Map<string, { sent: URLSearchParams; person: Person; twist: Twist }>()
  const persons = new Map<string, Person>()
  const about: Record<string, unknown> = {}

  function discovery(response: ServerResponse) {
    json(response, {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      authorization_response_iss_parameter_supported: true,
      ...about
    })
  }

  function idToken(sent: URLSearchParams, { sub, ...claims }: Person, { header, claims: other, signature }: Twist) {
    const now = Math.floor(Date.now() / 1000)
    const usual = { iss: issuer, aud: clientId, sub, iat: now, exp: now + 300, nonce: sent.get('nonce') }
    const input = `${encoded({ alg: 'RS256', kid: 'one', ...header })}.${encoded({ ...usual, ...claims, ...other })}`
    return `${input}.${(signature ?? signedByUs)(input)}`
  }

  async function token(response: ServerResponse, request: IncomingMessage) {
    const form = new URLSearchParams(await text(request))
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const basic = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(clientSecret).replaceAll('%20', '+')}`).toString('base64')}`
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const right =
      code?.sent.get('code_challenge') === challenge &&
      code.sent.get('redirect_uri') === form.get('redirect_uri') &&
      request.headers.authorization === basic
    if (!code || !right) return json(response, { error: 'invalid_grant' }, 400)
    const access_token = randomBytes(16).toString('hex')
    persons.set(`Bearer ${access_token}`, code.person)
    const id_token = idToken(code.sent, code.person, code.twist)
    json(response, { access_token, token_type: 'Bearer', id_token, ...code.twist.tokens })
  }

  const usual: Record<Endpoint, Answer> = {
    discovery,
    token: (response, request) => void token(response, request),
    jwks: (response) => json(response, { keys: [jwk] }),
    userinfo: (response, request) => json(response, persons.get(request.headers.authorization ?? '') ?? {}, 200)
  }
  const paths: Record<string, Endpoint> = {
    '/.well-known/openid-configuration': 'discovery',
    '/token': 'token',
    '/jwks': 'jwks',
    '/userinfo': 'userinfo'
  }
  const server = createServer((request, response) => {
    const endpoint = paths[request.url ?? '']
    asked.push(endpoint ?? (request.url as string))
    if (!endpoint) return json(response, {}, 404)
    const answer = instead[endpoint] ?? usual[endpoint]
    answer(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings = {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_NAME: 'the Library'
  }

  /** Somebody signs in there: the path they are sent back to. */
  function sendsBack(address: string, person: Person, twist: Twist = {}): string {
    const sent = new URL(address).searchParams
    const code = randomBytes(16).toString('hex')
    codes.set(code, { sent, person, twist })
    const back = new URL(sent.get('redirect_uri') as string)
    const said = { code, state: sent.get('state') as string, iss: issuer, ...twist.back }
    for (const [name, value] of Object.entries(said)) if (value !== undefined) back.searchParams.append(name, value)
    return back.pathname + back.search
  }

  return { issuer, settings, asked, instead, about, sendsBack }
}

export type Provider = Awaited<ReturnType<typeof startProvider>>

/** Where a page of ours leads on to. */
export function addressIn({ body }: LightMyRequestResponse): string {
  const [, address = ''] = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(body) ?? []
  return address.replaceAll('&amp;', '&')
}

/** Leaves for the provider, signs in there, and comes back. */
export async function goThere(browser: Browser, provider: Provider, person: Person, twist: Twist = {}, next?: string) {
  const address = addressIn(await browser.submit('/login/with/oidc', next ? { next } : {}))
  return browser.open(provider.sendsBack(address, person, twist))
}
