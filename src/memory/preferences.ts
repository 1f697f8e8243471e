import { type Static, Type } from 'typebox'
import type { Preferences } from '../answerers/answerer.ts'
import { inTransaction } from '../database/open.ts'
import type { Db } from '../database/tables.ts'
import { manyLines, oneLine } from '../shapes.ts'

type Reader = { id: string }

const longest = { language: 50, about: 500 }

export const Wishes = Type.Object({
  answer_length: Type.Optional(
    Type.Union([Type.Literal('short'), Type.Literal('normal'), Type.Literal('long')], {
      says: 'Choose short, normal or long.',
      description: 'How long answers are to be.'
    })
  ),
  language: Type.Optional(
    Type.String({
      trim: true,
      maxLength: longest.language,
      pattern: oneLine,
      says: `Name a language, in up to ${longest.language} characters.`,
      description: 'The language of answers; that of the question where it is empty.'
    })
  ),
  about_me: Type.Optional(
    Type.String({
      trim: true,
      maxLength: longest.about,
      pattern: manyLines,
      says: `Say it in up to ${longest.about} characters.`,
      description: 'What the model that writes answers is told of you, where there is one.'
    })
  )
})
export type Wishes = Static<typeof Wishes>

const lengths = ['short', 'normal', 'long'] as const
const fits = (text: unknown, most: number, pattern: string): text is string =>
  typeof text === 'string' && text !== '' && text.length <= most && new RegExp(pattern, 'u').test(text)

/** What of a context are wishes; a context may hold anything. */
function wishesIn(context: string): Wishes {
  const { answer_length, language, about_me } = JSON.parse(context) as Record<string, unknown>
  const length = lengths.find((one) => one === answer_length)
  return {
    ...(length && { answer_length: length }),
    ...(fits(language, longest.language, oneLine) && { language }),
    ...(fits(about_me, longest.about, manyLines) && { about_me })
  }
}

const contextOf = async ({ id }: Reader, db: Db) =>
  (await db.selectFrom('user_contexts').select('context').where('account_id', '=', id).executeTakeFirst())?.context ??
  '{}'

export const wishesOf = async (user: Reader, db: Db): Promise<Wishes> => wishesIn(await contextOf(user, db))

/** Whatever else the context holds stays; a wish that is empty is none. */
function rewrite(user: Reader, wished: (had: Wishes) => Wishes, db: Db, now: Date) {
  return inTransaction(db, async (tx) => {
    const whole = await contextOf(user, tx)
    const { answer_length: _, language: __, about_me: ___, ...others } = JSON.parse(whole)
    const { answer_length, language, about_me } = wished(wishesIn(whole))
    const wishes = { answer_length, language: language || undefined, about_me: about_me || undefined }
    const context = JSON.stringify({ ...others, ...wishes })
    const updated_at = now.toISOString()
    await tx.updateTable('user_contexts').set({ context, updated_at }).where('account_id', '=', user.id).execute()
  })
}

/** These and no other wishes. */
export const setWishes = (user: Reader, wishes: Wishes, db: Db, now: Date) => rewrite(user, () => wishes, db, now)

/** These wishes beside those there are. */
export const addWishes = (user: Reader, wishes: Wishes, db: Db, now: Date) =>
  rewrite(user, (had) => ({ ...had, ...wishes }), db, now)

/** The same as an answerer takes them. */
export const asPreferences = ({ answer_length, language, about_me }: Wishes): Preferences => ({
  ...(answer_length && { length: answer_length }),
  ...(language && { language }),
  ...(about_me && { about: about_me })
})
