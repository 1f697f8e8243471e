import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { clientId, clientSecret } from './identity-provider.ts'

type Options = Record<string, unknown>

/** The package brings no types of its own. */
type Package = { default: new (issuer: string, options: Options) => { callback: () => RequestListener } }

/** What a real provider knows of whoever signs in there: all of it made of the name they type. */
async function findAccount(_: unknown, name: string) {
  const words = { given_name: name.charAt(0).toUpperCase() + name.slice(1), family_name: 'Arbor' }
  const email = { email: `${name}@example.com`, email_verified: true }
  return { accountId: name, claims: async () => ({ sub: name, ...words, ...email }) }
}

/** A real OpenID Connect provider. It is open once it has been told which address it may send people back to. */
export async function startOidcProvider(t: Pick<Test, 'teardown'>) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function open(redirectUri: string) {
    const name = 'oidc-provider'
    const { default: Provider } = (await import(name)) as Package
    const client = { client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }
    const provider = new Provider(issuer, {
      clients: [client],
      claims: { openid: ['sub'], profile: ['given_name', 'family_name'], email: ['email', 'email_verified'] },
      cookies: { keys: ['a key for the cookies of a test'] },
      findAccount
    })
    server.on('request', provider.callback())
  }

  const settings = {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_NAME: 'the Library'
  }
  return { issuer, settings, open }
}
