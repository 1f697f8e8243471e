import type { Page } from '../database/page.ts'
import type { App } from '../plugins/app-type.ts'
import { memoriesOfPerson } from './searched.ts'
import { type Memory, memoriesOf } from './store.ts'

type Reader = { id: string }
type Wanted = { q: string; limit: number; cursor?: string }

/** Memories as their person looks at them: the newest, or what answers to some words, the best first. */
export async function findMemories(app: App, user: Reader, { q, ...wanted }: Wanted): Promise<Page<Memory>> {
  const memories = memoriesOf(user, app.db)
  const asked = q.trim()
  if (!asked) return memories.list(wanted)
  const hits = await app.searching.search(memoriesOfPerson(user.id), { q: asked, limit: wanted.limit })
  return { items: await memories.those(hits.map(({ passage }) => passage)), next_cursor: null }
}
