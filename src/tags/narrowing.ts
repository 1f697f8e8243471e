import type { Db } from '../database/tables.ts'
import { Invalid } from '../errors.ts'
import type { Reader } from '../viewer.ts'
import { tagsOf } from './store.ts'
import type { Named } from './tagging.ts'

/** Those of somebody's tags that stand on documents of one workspace. */
async function standingIn(workspace: string, tags: (Named | undefined)[], user: Reader, db: Db) {
  const ids = tags.flatMap((tag) => (tag ? [tag.id] : []))
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('document_tags')
    .where('account_id', '=', user.id)
    .where('workspace_id', '=', workspace)
    .where('tag_id', 'in', ids)
    .select('tag_id')
    .distinct()
    .execute()
  return rows.map(({ tag_id }) => tag_id)
}

/**
 * Somebody's own tags of these names, which they want a question narrowed to, each once. A program that is held to one
 * workspace is not to try which names its owner uses elsewhere.
 */
export async function tagsToNarrowTo(names: string[], user: Reader, db: Db): Promise<Named[]> {
  const all: (Named | undefined)[] = await tagsOf(user, db).ofNames(names)
  const known = user.within ? await standingIn(user.within, all, user, db) : undefined
  const tags = all.map((tag) => (tag && known?.includes(tag.id) !== false ? tag : undefined))
  const unknown = names.find((_, index) => !tags[index])
  if (unknown !== undefined) throw new Invalid({ fields: { tags: `You have no tag called “${unknown}”.` } })
  const each = new Map((tags as Named[]).map((tag) => [tag.id, tag]))
  return [...each.values()]
}

/** The tags that each of these questions was narrowed to. */
export async function tagsOfQuestions(questions: string[], db: Db): Promise<Map<string, Named[]>> {
  if (questions.length === 0) return new Map()
  const rows = await db
    .selectFrom('question_tags')
    .innerJoin('tags', 'tags.id', 'question_tags.tag_id')
    .where('message_id', 'in', questions)
    .orderBy('folded')
    .select(['message_id', 'tags.id', 'name'])
    .execute()
  return Map.groupBy(rows, ({ message_id }) => message_id)
}
