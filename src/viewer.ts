import type { Row } from './database/tables.ts'
import type { Scope } from './scopes.ts'

/** What every page knows about the person it is for. */
export type Person = Pick<Row<'accounts'>, 'id' | 'email' | 'username' | 'first_name' | 'last_name' | 'role'>

/** Whoever asks for what is in workspaces: a person; or a program of theirs, which may be held to a part of it. */
export type Reader = {
  id: string
  /** The only workspace it may reach. */
  within: string | null
  /** The registered program it is; it sees no chats but its own. */
  instance_id: string | null
}

/** Held to nothing. */
export const everywhere = { within: null, instance_id: null }

/** A person who signed in, in a browser or for a token. They may do all that is theirs to do. */
export type SignedIn = Person & {
  session_id: string
  last_seen_at: string
  idle_until: string | null
  within: null
  instance_id: null
}

/** A program of theirs, with a key or as an instance. */
export type Program = Person &
  Reader & {
    session_id: null
    /** Of the key, or of the instance. */
    program_id: string
    scopes: Scope[]
    last_used_at: string | null
  }

export type Viewer = SignedIn | Program

/** What they have shown, by its id: the session, the key or the instance. */
export const credentialIdOf = (viewer: Viewer): string =>
  viewer.session_id === null ? viewer.program_id : viewer.session_id
