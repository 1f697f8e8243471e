import type { Generated, Kysely, Selectable } from 'kysely'

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
  /** A program signs in by the API and shows bearer tokens; whatever has a cookie is a browser. */
  kind: Generated<'browser' | 'program'>
}

/** What renews a session of a program, once; used ones are kept a while, to know them when they are shown again. */
interface RefreshTokens {
  token_hash: string
  session_id: string
  created_at: Time
  expires_at: Time
  used_at: Time | null
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

interface ApiKeys {
  id: string
  account_id: string
  name: string
  key_hash: string
  last_four: string
  /** Their names, with a space between them. */
  scopes: string
  /** The only workspace it opens; null where it opens all of them. */
  workspace_id: string | null
  created_at: Time
  expires_at: Time | null
  last_used_at: Time | null
  last_used_address: string | null
}

/** A registered client program of one workspace; it acts for whoever registered it, there and nowhere else. */
interface Instances {
  id: string
  account_id: string
  workspace_id: string
  name: string
  email: string | null
  description: string
  /** A JSON object of what it said of itself. */
  tags: string
  password_hash: string
  disabled_at: Time | null
  created_at: Time
  last_used_at: Time | null
  last_used_address: string | null
}

/** A sign-in elsewhere that opens an account here. */
interface Identities {
  id: string
  account_id: string
  issuer: string
  /** Who it is there: the issuer's own name for them, which never changes. */
  subject: string
  /** The address it came with when it was linked. */
  email: string | null
  created_at: Time
  last_used_at: Time
}

/** Somebody who has left for a provider; the row is gone once they are back. */
interface SignInAttempts {
  state_hash: string
  /** Of the browser that left, which alone may come back. */
  browser_hash: string
  provider: string
  verifier: string
  nonce: string
  next: string | null
  /** Of whoever was signed in and wants to link it. */
  account_id: string | null
  expires_at: Time
}

/** Somebody who came back with the email of an account, and has yet to show that account's password. */
interface UnlinkedIdentities {
  token_hash: string
  account_id: string
  issuer: string
  subject: string
  email: string
  next: string | null
  expires_at: Time
}

interface Workspaces {
  id: string
  name: string
  description: string
  /** The account whose private room this is; null for every other workspace. */
  room_of: string | null
  /** Counts what has changed in what can be searched here, so that an index knows how far behind it is. */
  revision: Generated<number>
  /** The name of its index, which tells nothing of whose it is. */
  index_name: string
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

export type DocumentState = 'pending' | 'extracting' | 'indexing' | 'ready' | 'failed'

interface Documents {
  id: string
  workspace_id: string
  added_by: string
  title: string
  origin: 'file' | 'text' | 'page'
  source_url: string | null
  /** What it turned out to be; null until it has been read. */
  format: string | null
  /** The name of the original in the folder of originals; ours, not its owner's. */
  file: string
  bytes: number
  hash: string
  pages: number | null
  state: DocumentState
  /** Why it failed, in words for a person. */
  reason: string | null
  tries: Generated<number>
  /** When it is read: whoever has many waiting has them read in turns with those of others. */
  turn: Generated<number>
  /** Whoever reads it has it to themselves until then. */
  held_by: string | null
  held_until: Time | null
  /** The revision of the workspace that what is searched of it came with; null while nothing is. */
  revision: number | null
  created_at: Time
  updated_at: Time
}

/** A piece of a document, short enough to be found and quoted; all of them in order are its text. */
interface Passages {
  id: string
  workspace_id: string
  document_id: string
  n: number
  /** Paragraphs with an empty line between them. */
  text: string
  /** JSON: which of the paragraphs is a heading, and of what level. */
  headings: string
  /** The headings it stands under. */
  section: string
  /** The end of the passage before, which is searched with this one. */
  lead: string
  page: number | null
}

interface PassageVectors {
  passage_id: string
  embedder: string
  vector: Buffer
}

/** What an index that is behind has to forget. */
interface RemovedDocuments {
  workspace_id: string
  revision: number
  document_id: string
}

/** Files that nothing belongs to any more and that are still to be removed from the disk. */
interface Leftovers {
  kind: 'file' | 'index'
  name: string
}

/** What this Carrel has to remember about itself, such as whose vectors it keeps. */
interface Facts {
  name: string
  value: string
}

interface Tags {
  id: string
  account_id: string
  name: string
  /** The name as it is compared. */
  folded: string
  created_at: Time
}

interface DocumentTags {
  account_id: string
  tag_id: string
  workspace_id: string
  document_id: string
}

interface Chats {
  id: string
  workspace_id: string
  /** Whose it is; nobody else in the workspace sees it. */
  account_id: string
  /** The registered program that began it for them. */
  instance_id: string | null
  title: string
  created_at: Time
  updated_at: Time
}

export type MessageState = 'done' | 'writing' | 'nothing-found' | 'failed' | 'interrupted'

interface Messages {
  id: string
  chat_id: string
  role: 'question' | 'answer'
  /** What was asked; an answer is in its parts. */
  content: string
  state: MessageState
  /** Why an answer failed, in words for a person. */
  reason: string | null
  answerer: string | null
  /** Of an answer: what it answers. */
  question_id: string | null
  /** JSON: how the answer came about, by ids, so that nothing of a document is left here when it goes. */
  why: string | null
  /** Whoever writes it has it until then. */
  held_until: Time | null
  created_at: Time
}

/** The documents a question was narrowed to: those with any of these tags. */
interface QuestionTags {
  message_id: string
  account_id: string
  tag_id: string
}

/** An answer as it grew. What is of a document stands by itself, so that it goes with it. */
interface AnswerParts {
  message_id: string
  k: number
  kind: 'text' | 'note' | 'quote'
  text: string
  workspace_id: string | null
  document_id: string | null
}

interface Citations {
  message_id: string
  n: number
  workspace_id: string
  document_id: string
  passage_id: string
  passage_n: number
  section: string
  page: number | null
  quote: string
}

/** What is kept for one person of what they asked and said: its index, and whether anything is to be kept at all. */
interface Notebooks {
  account_id: string
  index_name: string
  /** Counts what has changed in it, as a workspace's does. */
  revision: Generated<number>
  /** Nothing is kept or used from then on; null while memory is on. */
  off_since: Time | null
}

export type MemoryKind = 'exchange' | 'fact' | 'preference'

interface Memories {
  id: string
  account_id: string
  kind: MemoryKind
  /** What the person said or asked, in their own words. */
  text: string
  /** A hash by which the same thing said twice is kept once. */
  same_as: string
  /** Where it was asked; an exchange alone has a place. */
  workspace_id: string | null
  /** Where it was said, as long as that is there. */
  message_id: string | null
  /** The answer to it; an exchange goes with that. */
  answer_id: string | null
  revision: number
  created_at: Time
  updated_at: Time
}

/** What was answered, in words of one document, so that it goes with that. */
interface MemoryGists {
  memory_id: string
  k: number
  text: string
  workspace_id: string
  document_id: string
}

interface MemoryVectors {
  memory_id: string
  embedder: string
  vector: Buffer
}

/** What an index that is behind has to forget. */
interface RemovedMemories {
  account_id: string
  revision: number
  memory_id: string
}

/** What an answer was given of what was remembered, and used. */
interface UsedMemories {
  message_id: string
  memory_id: string
}

/** A question somebody asks again and again, and keeps for themselves. */
interface Prompts {
  id: string
  account_id: string
  /** The only workspace it is offered in; null where it is offered in all of them. */
  workspace_id: string | null
  title: string
  text: string
  created_at: Time
  updated_at: Time
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

/** What a program's own name for a request stands for; nothing in it can be read without that name. */
interface IdempotencyKeys {
  account_id: string
  key_hash: string
  request_hash: string
  /** Whoever holds the key. */
  claim: string
  /** What was answered; null while that is on its way. */
  answer: Buffer | null
  expires_at: Time
}

export interface Tables {
  accounts: Accounts
  user_contexts: UserContexts
  sessions: Sessions
  refresh_tokens: RefreshTokens
  known_browsers: KnownBrowsers
  throttles: Throttles
  setup_tokens: SetupTokens
  pending_signups: PendingSignups
  api_keys: ApiKeys
  instances: Instances
  identities: Identities
  sign_in_attempts: SignInAttempts
  unlinked_identities: UnlinkedIdentities
  workspaces: Workspaces
  memberships: Memberships
  invites: Invites
  invite_places: InvitePlaces
  documents: Documents
  passages: Passages
  passage_vectors: PassageVectors
  removed_documents: RemovedDocuments
  chats: Chats
  messages: Messages
  question_tags: QuestionTags
  answer_parts: AnswerParts
  citations: Citations
  notebooks: Notebooks
  memories: Memories
  memory_gists: MemoryGists
  memory_vectors: MemoryVectors
  removed_memories: RemovedMemories
  used_memories: UsedMemories
  leftovers: Leftovers
  facts: Facts
  tags: Tags
  document_tags: DocumentTags
  prompts: Prompts
  tasks: Tasks
  audit_events: AuditEvents
  jobs: Jobs
  idempotency_keys: IdempotencyKeys
}

export type Db = Kysely<Tables>
export type Row<Name extends keyof Tables> = Selectable<Tables[Name]>
