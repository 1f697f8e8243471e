import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport
} from '@modelcontextprotocol/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../plugins/app-type.ts'
import { refusedBatch } from './batch.ts'
import { toolServer } from './tool-server.ts'

type Message = { params?: { _meta?: { progressToken?: unknown } } } | null

/** The protocol reads nothing else of a request: who asks is known by then. */
const ofProtocol = /^(?:accept|content-type|mcp-.+)$/

function asked({ headers }: FastifyRequest, signal: AbortSignal): Request {
  const named = Object.entries(headers).filter(([name, value]) => ofProtocol.test(name) && typeof value === 'string')
  return new Request('http://localhost/mcp', { method: 'POST', headers: named as [string, string][], signal })
}

/** Whether somebody wants to hear how it goes, for which the answer has to stay open. */
const wantsProgress = (body: unknown) =>
  ([body].flat() as Message[]).some((message) => message?.params?._meta?.progressToken !== undefined)

/**
 * Answers one request with a server of its own, which is gone with the answer. Since 2026 the protocol has no sessions;
 * what is said in an earlier version of it is answered just so, for nothing here needs one.
 */
export async function serve(app: App, request: FastifyRequest, reply: FastifyReply): Promise<Response> {
  const { body } = request
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  const web = asked(request, gone.signal)
  const parsed = body === undefined ? {} : { parsedBody: body }
  const onerror = (error: Error) => request.log.debug({ err: error }, 'in the protocol')
  const make = () => toolServer(app, request, onerror)

  const refused = refusedBatch(body, request.headers['mcp-protocol-version'])
  if (refused) return refused
  if (!(await isLegacyRequest(web, body)))
    return createMcpHandler(make, { legacy: 'reject', maxSubscriptions: 0, onerror }).fetch(web, parsed)

  const server = make()
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !wantsProgress(body) })
  await server.connect(transport)
  gone.signal.addEventListener('abort', () => server.close().catch(onerror), { once: true })
  return transport.handleRequest(web, parsed)
}
