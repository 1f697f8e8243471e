import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { isLoopback } from '../setting-readers.ts'

/** Somebody else's sign-in that this Carrel trusts: Google's, or any that speaks OpenID Connect. */
export type Provider = {
  id: 'google' | 'oidc'
  /** What the button says. */
  name: string
  issuer: string
  clientId: string
  clientSecret: string
}

type Client = { clientId: string | undefined; clientSecret: string | undefined }
type Given = { google: Client; oidc: Client & { issuer: string | undefined; name: string } }

/** The providers the settings name, each only where it is named in full. */
export function providersFrom({ google, oidc }: Given): Provider[] {
  const all = [
    { id: 'google', name: 'Google', issuer: 'https://accounts.google.com/', ...google },
    { id: 'oidc', ...oidc }
  ]
  return all.filter(({ issuer, clientId, clientSecret }) => issuer && clientId && clientSecret) as Provider[]
}

/**
 * Where the provider sends people back to. Without a public address Carrel listens on this machine alone, and then it is
 * the name it was asked by, as long as that is one of this machine's: the browser keeps the attempt's cookie under it.
 */
export function callbackAddress({ publicUrl, port }: Config, request: FastifyRequest, id: string): string {
  const local = isLoopback(request.hostname) ? `${request.protocol}://${request.host}` : `http://localhost:${port}`
  return new URL(`/login/with/${id}/callback`, publicUrl ?? local).href
}
