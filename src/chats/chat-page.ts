import type { Db } from '../database/tables.ts'
import { offeredPrompts } from '../prompts/offered.ts'
import type { Workspace } from '../workspaces/store.ts'
import { exchangesIn } from './messages.ts'
import { Question } from './schema.ts'
import { type Shown, shownExchanges } from './showing.ts'
import type { Chat } from './store.ts'

const exchangesAtOnce = 20

type Place = { user: { id: string }; workspace: Workspace; chat: Chat }
type At = Place & { before?: string | undefined; at?: string | undefined; prompt?: string | undefined }

/** What the page of a chat shows: its last exchanges, or those before, or up to, one of its questions. */
export async function chatPage({ user, workspace, chat, before, at, prompt }: At, db: Db) {
  const { items, next_cursor } = await exchangesIn(chat, db).list({ limit: exchangesAtOnce, cursor: before, from: at })
  const exchanges = await shownExchanges(items.reverse(), { user, workspace }, db)
  const narrowed = exchanges
    .at(-1)
    ?.question.tags.map(({ name }) => name)
    .join(', ')
  const past = before ?? at
  const offered = past === undefined ? await offeredPrompts(user, workspace, prompt, db) : {}
  return { rules: Question.properties, workspace, chat, exchanges, earlier: next_cursor, narrowed, past, ...offered }
}

/** One exchange of it, by the id of its answer. */
export async function shownExchange({ chat, ...shelf }: Place, answer: string, db: Db): Promise<Shown> {
  const [exchange] = await shownExchanges([await exchangesIn(chat, db).open(answer)], shelf, db)
  return exchange as Shown
}
