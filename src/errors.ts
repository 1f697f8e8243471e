import type { Scope } from './scopes.ts'

export type Fields = Record<string, string>
type Detail = { fields?: Fields; requirements?: string; retryAfter?: number; message?: string }

/** Something Carrel will not do, in words for the person who asked. Thrown where it is found. */
export class Refusal extends Error {
  readonly statusCode: number
  readonly code: string
  readonly fields: Fields | undefined
  readonly requirements: string | undefined
  readonly retryAfter: number | undefined

  constructor(statusCode: number, code: string, text: string, detail: Detail = {}) {
    super(detail.message ?? text)
    this.statusCode = statusCode
    this.code = code
    this.fields = detail.fields
    this.requirements = detail.requirements
    this.retryAfter = detail.retryAfter
  }
}

function refusal(statusCode: number, code: string, text: string) {
  return class extends Refusal {
    constructor(detail?: Detail) {
      super(statusCode, code, text, detail)
    }
  }
}

export class Invalid extends Refusal {
  constructor(detail: Detail = {}) {
    const said = Object.values(detail.fields ?? {})
    super(400, 'INVALID', said.length === 1 ? (said[0] as string) : 'Some of this needs another look.', detail)
  }
}

/** A program's credential is good, but not for this. */
export class ScopeMissing extends Refusal {
  readonly scopes: Scope[]

  constructor(scopes: Scope[]) {
    super(403, 'SCOPE_MISSING', `This needs a key with the scope ${scopes.join(' or ')}.`)
    this.scopes = scopes
  }
}

export const SignupRefused = refusal(400, 'SIGNUP_REFUSED', 'This sign-up was refused.')
export const SignInRequired = refusal(401, 'SIGN_IN_REQUIRED', 'Sign in first.')
/** A program has shown something, and it opens nothing. */
export const CredentialRefused = refusal(
  401,
  'SIGN_IN_REQUIRED',
  'This key, token or password opens nothing: it is mistyped, has expired or was ended.'
)
export const SignInAgain = refusal(
  401,
  'SIGN_IN_AGAIN',
  'Sign out and in again first. This needs a sign-in of the last ten minutes.'
)
export const ProviderRefused = refusal(400, 'PROVIDER_REFUSED', 'That sign-in did not work. Try it once more.')
export const WrongCredentials = refusal(401, 'WRONG_CREDENTIALS', 'Email or password is incorrect.')
export const SessionRequired = refusal(
  403,
  'SESSION_REQUIRED',
  'Only somebody who signed in may do this, not a program with a key.'
)
export const OneWorkspaceOnly = refusal(
  403,
  'ONE_WORKSPACE_ONLY',
  'This credential is for one workspace, and this is not in it.'
)
export const Forbidden = refusal(403, 'FORBIDDEN', 'You may not do this here.')
export const ForeignOrigin = refusal(403, 'FOREIGN_ORIGIN', 'This request did not come from one of our own pages.')
export const SignupClosed = refusal(403, 'SIGNUP_CLOSED', 'New accounts are not open here.')
export const NotFound = refusal(404, 'NOT_FOUND', 'There is nothing here.')
export const InviteGone = refusal(
  404,
  'INVITE_GONE',
  'This invite does not work, or no longer does. Ask for a new one.'
)
export const LinkGone = refusal(404, 'LINK_GONE', 'This link does not work, or no longer does.')
export const MethodNotAllowed = refusal(405, 'METHOD_NOT_ALLOWED', 'This address does not take that kind of request.')
export const EmailTaken = refusal(409, 'REG_001', 'Email already exists')
export const UsernameTaken = refusal(400, 'USERNAME_TAKEN', 'Username already exists')
export const TagExists = refusal(409, 'TAG_EXISTS', 'You have a tag of this name already.')
export const RoomStays = refusal(409, 'ROOM_STAYS', 'Your own room stays as long as your account does.')
export const OwnerStays = refusal(409, 'OWNER_STAYS', 'The owner stays; delete the workspace instead.')
export const OnlyWayIn = refusal(409, 'ONLY_WAY_IN', 'This is your only way in. Set a password first.')
export const MemoryOff = refusal(409, 'MEMORY_OFF', 'Memory is switched off, so nothing is kept. Switch it on first.')
export const Full = refusal(409, 'FULL', 'You have as many of these as you may have. Delete one first.')
export const RepeatRunning = refusal(
  409,
  'IDEMPOTENCY_IN_PROGRESS',
  'A request with this Idempotency-Key is still being answered. Try again in a second.'
)
export const RepeatDiffers = refusal(
  422,
  'IDEMPOTENCY_MISMATCH',
  'This Idempotency-Key came with another request before.'
)
export const TooLarge = refusal(413, 'TOO_LARGE', 'That is larger than this page takes.')
export const QuotaFull = refusal(
  413,
  'QUOTA_FULL',
  'There is no room left on your desk for this. Delete something first.'
)
export const WrongType = refusal(415, 'WRONG_TYPE', 'This address does not take that type of content.')
export const TooMany = refusal(429, 'TOO_MANY', 'Too many tries. Wait a little, then try again.')
export const ProviderDown = refusal(
  503,
  'PROVIDER_DOWN',
  'The other side does not answer as it should right now. Try again in a little while, or sign in with your password.'
)
export const Busy = refusal(503, 'BUSY', 'Carrel is busy. Try again in a few seconds.')
export const StorageDown = refusal(503, 'STORAGE_DOWN', 'Carrel cannot reach its storage right now. Nothing was saved.')
