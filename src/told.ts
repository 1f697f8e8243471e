import { type Static, type TSchema, Type } from 'typebox'

/** What answers are made of. Only what one of these shapes lists is ever sent. */

export const text = (description: string) => Type.String({ description })
export const count = (description: string) => Type.Integer({ description })
export const flag = (description: string) => Type.Boolean({ description })
export const moment = (description: string, orNull = '') =>
  Type.String({ format: 'date-time', description: `${description}, in ISO 8601 and UTC${orNull && `; ${orNull}`}.` })

/** One of a few words; a union of literals would have each of them tried whenever it is told. */
export const oneOf = <Word extends string>(words: readonly Word[], description: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], description })

/** The same or null; as two types of one schema, because a choice between two schemas is slow to tell. */
export const nullable = <Shape extends TSchema & { type: string }>(shape: Shape) =>
  Type.Unsafe<Static<Shape> | null>({ ...shape, type: [shape.type, 'null'] })

/** A JSON object of whatever somebody has put there. */
export const anything = (description: string) => Type.Object({}, { additionalProperties: true, description })

/** A page of a list. */
export const listOf = <Shape extends TSchema & { title?: string }>(shape: Shape) =>
  Type.Object(
    {
      items: Type.Array(shape, { description: 'What was found, the newest first.' }),
      next_cursor: nullable(text('Send it as cursor for the next page; null where there is none.'))
    },
    { title: `${shape.title}List` }
  )

/** Done, and there is nothing to say; the description says what was done. */
export const nothing = (description: string) => Type.Unsafe<undefined>({ description })

/** Every error is told like this. */
export const Problem = Type.Object(
  {
    statusCode: count('The status of the answer once more.'),
    code: text('What is wrong, as a word for programs, such as NOT_FOUND. It stays the same when the text changes.'),
    error: text('What is wrong, in words for a person.'),
    message: text('The same as error.'),
    fields: Type.Optional(
      Type.Object(
        {},
        { additionalProperties: Type.String(), description: 'What is wrong with which field, in words for a person.' }
      )
    ),
    requirements: Type.Optional(text('What a refused password would have to be.')),
    reference: Type.Optional(text('Of a fault of ours: tell it to whoever runs this Carrel, who finds it in the log.'))
  },
  { title: 'Problem' }
)

/** A problem a route may answer with, and when; it is thrown, so no handler returns one. */
export const refused = (when: string) => Type.Unsafe<never>({ ...Problem, description: when })
