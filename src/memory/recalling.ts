import type { Answerer, Preferences, Memory as Told, Turn } from '../answerers/answerer.ts'
import { searchQuery } from '../answerers/follow-up.ts'
import type { Db } from '../database/tables.ts'
import type { App } from '../plugins/app-type.ts'
import type { Hit } from '../search/indexes.ts'
import type { Workspace } from '../workspaces/store.ts'
import { gistsOf, wholeText } from './gists.ts'
import { tidy } from './keeping.ts'
import { isOn } from './notebook.ts'
import { asPreferences, wishesOf } from './preferences.ts'
import { nearEnough, relevantTo } from './relevance.ts'
import { bareQuestion } from './said.ts'
import { memoriesOfPerson } from './searched.ts'
import { wishedIn } from './wishes.ts'

type Reader = { id: string }
export type Recalling = { user: Reader; workspace: Workspace; question: string; turns: Turn[] }
export type Recalled = {
  /** Whether there is to be any memory. */
  on: boolean
  memories: Told[]
  preferences: Preferences
  /** Which of them an answer follows without quoting them. */
  followed: string[]
  /** The vector of a question that was looked up, so that it is not made twice. */
  vectorOf: (query: string) => Float32Array | null | undefined
}

const most = 5
const mostPreferences = 5
/** Those of other workspaces are found too, and dropped. */
const looked = 100

export const nothing: Recalled = { on: false, memories: [], preferences: {}, followed: [], vectorOf: () => undefined }

/** What was hit, as it stands now: facts wherever somebody asks, exchanges only where they were had. */
async function standing(hits: Hit[], { user, workspace }: Recalling, db: Db) {
  if (hits.length === 0) return []
  const ids = hits.map(({ passage }) => passage)
  const rows = await db
    .selectFrom('memories')
    .where('account_id', '=', user.id)
    .where('id', 'in', ids)
    .where('kind', '!=', 'preference')
    .where((eb) => eb.or([eb('workspace_id', 'is', null), eb('workspace_id', '=', workspace.id)]))
    .select(['id', 'kind', 'text'])
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  const gists = await gistsOf([...byId.keys()], user, db)
  return hits.flatMap(({ passage, dense }) => {
    const row = byId.get(passage)
    return row ? [{ ...row, gist: gists.get(passage) ?? null, nearness: dense?.score }] : []
  })
}

/** What they have said about answers, the latest first. */
function preferencesSaid(user: Reader, db: Db): Promise<Told[]> {
  return db
    .selectFrom('memories')
    .where('account_id', '=', user.id)
    .where('kind', '=', 'preference')
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(mostPreferences)
    .select(['id', 'text'])
    .execute()
}

/** What of the things remembered bears on a question. What its person has set holds also where memory is off. */
export async function recall(app: App, recalling: Recalling, { quotes }: Answerer): Promise<Recalled> {
  const { user, question, turns } = recalling
  const set = asPreferences(await wishesOf(user, app.db))
  if (!(await isOn(user, app.db))) return { ...nothing, preferences: set }

  const q = searchQuery(question, turns)
  const vector = await app.searching.vectorOf(q)
  const hits = await app.searching.search(memoriesOfPerson(user.id), { q, limit: looked, vector })
  const isRelevant = relevantTo(q, nearEnough(hits.flatMap(({ dense }) => (dense ? [dense.score] : []))))
  const asked = new Set(turns.filter(({ role }) => role === 'reader').map(({ text }) => tidy(bareQuestion(text))))
  const found = await standing(hits, recalling, app.db)
  const relevant = found
    .filter(({ kind, text }) => kind !== 'exchange' || !asked.has(text))
    .filter(isRelevant)
    .slice(0, most)
  const said = await preferencesSaid(user, app.db)
  const { wishes, by } = wishedIn(said)
  const followed = [!set.length && by.length, !quotes && !set.language && by.language].filter((id) => id !== undefined)
  return {
    on: true,
    memories: [...relevant.map((memory) => ({ id: memory.id, text: wholeText(memory) })), ...said],
    preferences: { ...wishes, ...set },
    followed: [...new Set(followed.filter((id) => id !== false))],
    vectorOf: (query) => (query === q ? vector : undefined)
  }
}
