/** What a list answers: its items and where the next ones begin. Ask the database for one more than `limit`. */
export function pageOf<Item, Key extends keyof Item>(rows: Item[], limit: number, key: Key) {
  const items = rows.slice(0, limit)
  const next_cursor = rows.length > limit ? ((items.at(-1)?.[key] as string) ?? null) : null
  return { items, next_cursor }
}

export type Page<Item> = { items: Item[]; next_cursor: string | null }
