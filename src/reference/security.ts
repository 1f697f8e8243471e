import type { Demand } from '../plugins/access.ts'
import { scopes } from '../scopes.ts'

type Requirement = Record<string, string[]>

const header = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description })

/** Every way to show who one is, by its name in the document. */
export const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: 'session_id', description: 'The cookie of a signed-in browser.' },
  token: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token from POST /api/v1/auth/login. It stands on a session and ends with it.'
  },
  key: header('X-API-Key', 'An API key, made at /settings/api-keys. `Authorization: Bearer crl_…` is the same.'),
  keyInAddress: {
    type: 'apiKey',
    in: 'query',
    name: 'key',
    description:
      'An API key in the address, for programs that can send no header. Addresses are written down in many places.'
  },
  instance: {
    type: 'http',
    scheme: 'basic',
    description: 'The id and the password of a registered program. It reaches one workspace alone.'
  }
}

const person: Requirement[] = [{ session: [] }, { token: [] }]

/** What of it opens a route. Of several scopes any one will do. */
export function securityOf({ session, scopes = [], inside }: Demand): Requirement[] {
  if (session) return person
  if (scopes.length === 0) return []
  const keys = scopes.flatMap((scope): Requirement[] => [{ key: [scope] }, { keyInAddress: [scope] }])
  return [...person, ...keys, ...(inside ? scopes.map((scope): Requirement => ({ instance: [scope] })) : [])]
}

/** The same in words. */
export function whoMay({ session, scopes: needed = [], inside }: Demand): string {
  if (session) return 'Somebody who signed in: no key opens this.'
  if (needed.length === 0) return 'Anybody.'
  const may = needed.map((scope) => `${scope} (${scopes[scope].toLowerCase()})`).join(' or ')
  return `Somebody who signed in, or a key with ${may}${inside ? '; also a key for one workspace, or a registered program' : ''}.`
}
