import { type SelectQueryBuilder, sql } from 'kysely'
import type { Tables } from './tables.ts'

export type Page<Item> = { items: Item[]; next_cursor: string | null }
export type Wanted = { limit: number; cursor?: string }

/** What a list answers: its items and where the next ones begin. Ask the database for one more than `limit`. */
export function pageOf<Item, Key extends keyof Item>(rows: Item[], limit: number, key: Key): Page<Item> {
  const items = rows.slice(0, limit)
  const next_cursor = rows.length > limit ? ((items.at(-1)?.[key] as string) ?? null) : null
  return { items, next_cursor }
}

/** The newest of what a query is about, behind the cursor; ids sort by when they were made. */
export async function newestOf<In extends keyof Tables, Item extends { id: string }>(
  query: SelectQueryBuilder<Tables, In, Item>,
  table: In,
  { limit, cursor }: Wanted
): Promise<Page<Item>> {
  const id = sql.ref<string>(`${table}.id`)
  const rows = await query
    .$if(cursor !== undefined, (all) => all.where(id, '<', cursor as string))
    .orderBy(id, 'desc')
    .limit(limit + 1)
    .execute()
  return pageOf(rows as Item[], limit, 'id')
}
