import { newestOf, type Page, type Wanted } from '../database/page.ts'
import type { Db, Row } from '../database/tables.ts'
import { isTaken } from '../database/taken.ts'
import { NotFound, TagExists } from '../errors.ts'
import { newId } from '../ids.ts'
import { isId } from '../shapes.ts'
import { folded, tidy } from './name.ts'

type Reader = { id: string }
const exists = () => new TagExists({ fields: { name: 'You have a tag of this name already.' } })

export type Tag = Pick<Row<'tags'>, 'id' | 'name' | 'created_at'>

/** Tags of one person; every query below starts from `mine`. */
export function tagsOf(user: Reader, db: Db) {
  const mine = db.selectFrom('tags').where('account_id', '=', user.id).select(['id', 'name', 'created_at'])

  const list = (wanted: Wanted): Promise<Page<Tag>> => newestOf(mine, 'tags', wanted)

  async function open(id: string): Promise<Tag> {
    const tag = isId(id) && (await mine.where('id', '=', id).executeTakeFirst())
    if (!tag) throw new NotFound()
    return tag
  }

  const named = (name: string) => mine.where('folded', '=', folded(name)).executeTakeFirst()

  /** The tags of these names, in their order; undefined where there is none. */
  const ofNames = (names: string[]): Promise<(Tag | undefined)[]> => Promise.all(names.map(named))

  /** A new tag; undefined where there is one of that name already. */
  async function make(name: string, now: Date): Promise<Tag | undefined> {
    const tag = { id: newId(), name: tidy(name), created_at: now.toISOString() }
    const made = await db
      .insertInto('tags')
      .values({ ...tag, account_id: user.id, folded: folded(name) })
      .onConflict((conflict) => conflict.columns(['account_id', 'folded']).doNothing())
      .executeTakeFirst()
    return made.numInsertedOrUpdatedRows === 0n ? undefined : tag
  }

  async function create(name: string, now: Date): Promise<Tag> {
    const tag = await make(name, now)
    if (!tag) throw exists()
    return tag
  }

  /** The tags of these names, made where there are none yet. */
  async function ensure(names: string[], now: Date): Promise<Tag[]> {
    const tags = new Map<string, Tag>()
    for (const name of names) {
      const tag = (await named(name)) ?? (await make(name, now)) ?? (await named(name))
      if (tag) tags.set(tag.id, tag)
    }
    return [...tags.values()]
  }

  async function rename(id: string, name: string): Promise<Tag> {
    const tag = await open(id)
    const changed = { name: tidy(name), folded: folded(name) }
    const renaming = db.updateTable('tags').set(changed).where('account_id', '=', user.id).where('id', '=', id)
    await renaming.execute().catch((error) => {
      throw isTaken(error) ? exists() : error
    })
    return { ...tag, name: changed.name }
  }

  async function remove(id: string) {
    const gone = await db.deleteFrom('tags').where('account_id', '=', user.id).where('id', '=', id).executeTakeFirst()
    if (gone.numDeletedRows === 0n) throw new NotFound()
  }

  return { list, open, ofNames, create, ensure, rename, remove }
}
