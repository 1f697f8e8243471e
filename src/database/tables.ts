import type { Insertable, Kysely, Selectable } from 'kysely'

/** ISO 8601 in UTC: text in SQLite, timestamptz in PostgreSQL, a string here in both. */
type Time = string
export type Role = 'owner' | 'editor' | 'viewer'

interface Accounts {
  id: string
  email: string
  username: string
  first_name: string
  last_name: string
  password_hash: string | null
  role: 'user' | 'admin'
  disabled_at: Time | null
  created_at: Time
  updated_at: Time
}

interface UserContexts {
  account_id: string
  /** A JSON object of the person's own preferences. */
  context: string
  updated_at: Time
}

interface Sessions {
  id: string
  account_id: string
  token_hash: string
  address: string
  user_agent: string
  created_at: Time
  last_seen_at: Time
  /** Ends then whatever happens. */
  expires_at: Time
  /** Ends then unless it is used before; null when the person asked to be remembered. */
  idle_until: Time | null
}

/** A browser somebody signed in with before; it keeps its own count of failures for that account. */
interface KnownBrowsers {
  browser_hash: string
  account_id: string
  expires_at: Time
}

interface Throttles {
  key: string
  tries: number
  blocked_until: Time | null
  expires_at: Time
}

interface SetupTokens {
  token_hash: string
  created_at: Time
  expires_at: Time
}

/** A sign-up that waits for its mail to be answered (SIGNUP_DISCLOSURE=private). */
interface PendingSignups {
  token_hash: string
  email: string
  username: string | null
  first_name: string
  last_name: string
  password_hash: string
  context: string
  /** Of the invite it came with, where only the invited may join. */
  invite_hash: string | null
  created_at: Time
  expires_at: Time
}

interface Workspaces {
  id: string
  name: string
  description: string
  /** The account whose private room this is; null for every other workspace. */
  room_of: string | null
  created_at: Time
  updated_at: Time
}

interface Memberships {
  id: string
  workspace_id: string
  account_id: string
  role: Role
  created_at: Time
}

interface Invites {
  id: string
  workspace_id: string
  created_by: string
  role: 'editor' | 'viewer'
  email: string | null
  code_hash: string
  uses: number
  max_uses: number
  created_at: Time
  expires_at: Time
  revoked_at: Time | null
}

/** One of the uses of an invite: taken by somebody, and used up once they have joined. */
interface InvitePlaces {
  invite_id: string
  account_id: string
  taken_at: Time
  joined_at: Time | null
}

interface Tasks {
  id: string
  account_id: string
  kind: string
  done_at: Time | null
  dismissed_at: Time | null
  created_at: Time
}

interface AuditEvents {
  id: string
  at: Time
  event: string
  account_id: string | null
  subject: string | null
  address: string | null
  request_id: string | null
  detail: string
}

/** Work that one process at a time does; the lease says until when it is taken. */
interface Jobs {
  name: string
  leased_until: Time
}

export interface Tables {
  accounts: Accounts
  user_contexts: UserContexts
  sessions: Sessions
  known_browsers: KnownBrowsers
  throttles: Throttles
  setup_tokens: SetupTokens
  pending_signups: PendingSignups
  workspaces: Workspaces
  memberships: Memberships
  invites: Invites
  invite_places: InvitePlaces
  tasks: Tasks
  audit_events: AuditEvents
  jobs: Jobs
}

export type Db = Kysely<Tables>
export type Row<Name extends keyof Tables> = Selectable<Tables[Name]>
export type NewRow<Name extends keyof Tables> = Insertable<Tables[Name]>
