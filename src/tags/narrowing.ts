import type { Db } from '../database/tables.ts'
import { Invalid } from '../errors.ts'
import { tagsOf } from './store.ts'
import type { Named } from './tagging.ts'

type Reader = { id: string }

/** Somebody's own tags of these names, which they want a question narrowed to, each once. */
export async function tagsToNarrowTo(names: string[], user: Reader, db: Db): Promise<Named[]> {
  const tags = await tagsOf(user, db).ofNames(names)
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
