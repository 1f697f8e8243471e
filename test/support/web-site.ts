import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSafeServer } from 'node:https'
import { type AddressInfo, createServer as createPlainServer, type Server as PlainServer, type Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { Test } from 'tap'

const certificate = (name: string) => readFileSync(`test/documents/certificates/${name}.pem`)

/** From here on this process believes the authority of the tests, as a machine believes those of its own. */
export const believeTestAuthority = () =>
  setDefaultCACertificates([...getCACertificates('default'), String(certificate('authority'))])

async function listening(t: Test, server: PlainServer, host: string, port: number) {
  let connections = 0
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections += 1
    open.add(socket)
    socket
      .resume()
      .on('error', () => {})
      .on('close', () => open.delete(socket))
  })
  server.listen(port, host)
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { server, port: (server.address() as AddressInfo).port, connections: () => connections, open }
}

type Place = { host?: string; port?: number }

function remembering(server: Server, pages: RequestListener) {
  const asked: IncomingMessage[] = []
  server.on('request', (request, response) => {
    asked.push(request)
    pages(request, response)
  })
  return asked
}

/** A web site on this machine, and what it was asked. */
export async function webSite(t: Test, pages: RequestListener, { host = '127.0.0.1', port = 0 }: Place = {}) {
  const server = createServer()
  const asked = remembering(server, pages)
  const site = await listening(t, server, host, port)
  return { ...site, asked, url: `http://${host}:${site.port}` }
}

export async function safeSite(t: Test, pages: RequestListener, named = 'page') {
  const server = createSafeServer({ key: certificate(named), cert: certificate(named) })
  const names: unknown[] = []
  server.on('secureConnection', ({ servername }) => names.push(servername)).on('tlsClientError', () => {})
  const asked = remembering(server as unknown as Server, pages)
  const site = await listening(t, server, '127.0.0.1', 0)
  return { ...site, asked, names, url: `https://page.test:${site.port}` }
}

/** Something that listens and speaks no HTTP by itself. */
export async function plainSite(t: Test, greet: (socket: Socket) => void) {
  const site = await listening(t, createPlainServer(greet), '127.0.0.1', 0)
  return { ...site, url: `http://127.0.0.1:${site.port}` }
}
