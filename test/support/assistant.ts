import type { AddressInfo } from 'node:net'
import { type CallToolResult, Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Test } from 'tap'
import type { Browser } from './browser.ts'
import type { Carrel } from './carrel.ts'

type Headers = Record<string, string>

/** The versions of the protocol an assistant may speak: with a handshake before, and without. */
export const versions = ['legacy', { pin: '2026-07-28' }] as const
type Version = (typeof versions)[number]

/** Where Carrel listens, for whoever comes by a real connection. */
export async function addressOf({ app }: Carrel): Promise<string> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

export async function makesKey(who: Browser, wish: object = {}): Promise<{ id: string; key: string }> {
  const all = { name: 'An assistant', scopes: ['read', 'write'], ...wish }
  return (await who.api('POST', '/api/v1/api-keys', all)).json()
}

/** What a tool answered: in words, and as an object, which is any: what is in it is what a test is about. */
function heard({ content, structuredContent, isError = false }: CallToolResult) {
  const [first] = content
  const told = JSON.parse(JSON.stringify(structuredContent ?? {}))
  return { text: first?.type === 'text' ? first.text : '', told, isError }
}

/** Another assistant, with the client that the protocol's own makers give away, and nothing but its headers. */
export async function assistant(t: Test, carrel: Carrel, headers: Headers, version: Version = 'legacy') {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: version } })
  const url = new URL(`${await addressOf(carrel)}/mcp`)
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }))
  t.teardown(async () => {
    await client.close()
    // The client may have opened one to have at the ready, for which a server would wait.
    carrel.app.server.closeAllConnections()
  })
  return {
    client,
    tools: async () => (await client.listTools()).tools,
    use: async (name: string, given: object = {}, options = {}) =>
      heard((await client.callTool({ name, arguments: { ...given } }, options)) as CallToolResult)
  }
}

export const withKey = ({ key }: { key: string }): Headers => ({ authorization: `Bearer ${key}` })

/** A call as it goes over the wire. */
export const calling = (name: string, given: object = {}, id: number | string = 1) => ({
  ...{ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: given } }
})

/** What a body is sent with, for whatever no client would send. */
export const wire = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

export const tells = ({ app }: Carrel, message: unknown, headers: Headers = {}) =>
  app.inject({ method: 'POST', url: '/mcp', headers: { ...wire, ...headers }, payload: JSON.stringify(message) })
