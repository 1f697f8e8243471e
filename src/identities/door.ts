import type { Configuration, ServerMetadata } from 'openid-client'
import { hashToken } from '../ids.ts'
import type { Attempt, Secrets } from './attempts.ts'
import { carefulFetch, safeAddress } from './careful-fetch.ts'
import { type Claims, type Who, whoFrom } from './claims.ts'
import type { Provider } from './provider.ts'

const hour = 3600 * 1000
const scope = 'openid profile email'
/** Signatures made with a private key. With a shared one, or none, whoever knows the public key could sign. */
const signatures = ['RS', 'PS', 'ES'].flatMap((kind) => [`${kind}256`, `${kind}384`, `${kind}512`])
const algorithms = [...signatures, 'EdDSA', 'Ed25519']
/** The library takes any text, an empty one too. */
const subject = /^[^\p{Cc}\p{Cs}]{1,255}$/u

/** In milliseconds: for finding out about the provider, and for all that is asked when somebody comes back. */
export type Patience = { discovery: number; exchange: number }
const ordinaryPatience: Patience = { discovery: 4000, exchange: 5000 }

/**
 * The way out to one provider, and back. What the provider says of itself is asked for at the first use and kept for an
 * hour; its tokens are kept nowhere. The library is read with the first use, too.
 */
export function openDoor(provider: Provider, now: () => Date, patience = ordinaryPatience) {
  const { issuer, clientId, clientSecret } = provider
  const inClear = issuer.startsWith('http:')
  let known: { server: ServerMetadata; until: number } | undefined
  let asking: Promise<ServerMetadata> | undefined

  async function discover(): Promise<ServerMetadata> {
    const library = await import('openid-client')
    const found = await library.discovery(new URL(issuer), clientId, undefined, undefined, {
      [library.customFetch]: carefulFetch(AbortSignal.timeout(patience.discovery)),
      execute: inClear ? [library.allowInsecureRequests] : []
    })
    const server: ServerMetadata = found.serverMetadata()
    // The library knows providers that it lets say otherwise.
    if (URL.parse(server.issuer)?.href !== issuer) throw new TypeError(`a document of ${server.issuer}`)
    const offered = server.id_token_signing_alg_values_supported ?? ['RS256']
    const accepted = offered.filter((algorithm) => algorithms.includes(algorithm))
    const narrowed: ServerMetadata = { ...server, id_token_signing_alg_values_supported: accepted }
    known = { server: narrowed, until: now().getTime() + hour }
    return narrowed
  }

  function server(): Promise<ServerMetadata> {
    if (known && now().getTime() < known.until) return Promise.resolve(known.server)
    asking ??= discover().finally(() => {
      asking = undefined
    })
    return asking
  }

  async function client(): Promise<Configuration> {
    const library = await import('openid-client')
    const { ClientSecretBasic, ClientSecretPost, Configuration, clockSkew } = library
    const about = await server()
    const ways = about.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const proof = ways.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost
    const skew = Math.round((now().getTime() - Date.now()) / 1000)
    const made = new Configuration(about, clientId, { [clockSkew]: skew }, proof(clientSecret))
    if (inClear) library.allowInsecureRequests(made)
    library.enableNonRepudiationChecks(made)
    made[library.customFetch] = carefulFetch(AbortSignal.timeout(patience.exchange))
    return made
  }

  /** Where to send somebody who wants to sign in there. */
  async function addressFor({ state, verifier, nonce }: Secrets, redirect_uri: string): Promise<string> {
    const { buildAuthorizationUrl } = await import('openid-client')
    const code_challenge = hashToken(verifier)
    const asked = { scope, state, nonce, redirect_uri, code_challenge, code_challenge_method: 'S256' }
    return safeAddress(buildAuthorizationUrl(await client(), asked).href)
  }

  /** Who has come back to this address, `state` and all, from the attempt that it belongs to. */
  async function whoCame(address: URL, state: string, { verifier, nonce }: Attempt): Promise<Who> {
    const { authorizationCodeGrant, fetchUserInfo } = await import('openid-client')
    const config = await client()
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
    const tokens = await authorizationCodeGrant(config, address, checks)
    const token = tokens.claims() as Claims & { sub: string }
    if (!subject.test(token.sub)) throw new Error('a subject that is none')
    const told = token.email !== undefined || !config.serverMetadata().userinfo_endpoint
    const claims: Claims = told ? token : await fetchUserInfo(config, tokens.access_token, token.sub)
    return whoFrom(issuer, token.sub, claims)
  }

  return { provider, addressFor, whoCame }
}

export type Door = ReturnType<typeof openDoor>
