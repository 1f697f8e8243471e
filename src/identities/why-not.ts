import type { FastifyRequest } from 'fastify'
import { ProviderDown, ProviderRefused } from '../errors.ts'
import type { Provider } from './provider.ts'

/** Of the library: no answer, or none that could be read. What else is wrong with an answer is held against it. */
const unreadable = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
  'OAUTH_MISSING_SERVER_METADATA',
  'OAUTH_INVALID_SERVER_METADATA',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
  'OAUTH_REQUEST_PROTOCOL_FORBIDDEN'
])

/** Of the provider: it says so itself. */
const unable = new Set(['server_error', 'temporarily_unavailable'])

type Fault = Error & { code?: string; error?: string }

const shortened = (text: string | undefined) => text?.slice(0, 100)

/**
 * Tells the log in words of the library and codes of the provider why nothing came of it. The causes of such errors hold
 * codes, tokens and claims, so they go nowhere.
 */
function tellLog({ name, code = name, error, message, cause }: Fault, request: FastifyRequest, provider: Provider) {
  const system = shortened((cause as Fault | undefined)?.code)
  const told = { provider: provider.id, code, said: shortened(error), system, message: shortened(message) }
  request.log.warn(told, 'a sign-in elsewhere did not work')
}

/** Why nobody can be sent there. */
export function noWayThere(fault: unknown, request: FastifyRequest, provider: Provider): never {
  tellLog(fault as Fault, request, provider)
  throw new ProviderDown({ retryAfter: 30 })
}

/** Why whoever came back from there is not let in. */
export function noWayIn(fault: unknown, request: FastifyRequest, provider: Provider): never {
  const { name, code = name, error = '' } = fault as Fault
  tellLog(fault as Fault, request, provider)
  if (name === 'TypeError' || unreadable.has(code) || unable.has(error)) throw new ProviderDown({ retryAfter: 30 })
  if (error !== 'access_denied') throw new ProviderRefused()
  throw new ProviderRefused({ message: `Nothing has happened: it was not allowed at ${provider.name}.` })
}
