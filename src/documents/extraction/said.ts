import { type Static, Type } from 'typebox'
import { fitsFor } from '../../fits.ts'
import { manyLines, oneLine } from '../../shapes.ts'
import { formats, type Level } from './format.ts'
import { longestBlock, longestTitle, longestTrace } from './limits.ts'
import { type Reason, reasons } from './unreadable.ts'

const strictly = { additionalProperties: false }
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: oneLine })
const Page = Type.Integer({ minimum: 1 })
const HeadingLevel = Type.Unsafe<Level>(Type.Integer({ minimum: 1, maximum: 6 }))

const Said = Type.Union([
  Type.Object(
    {
      blocks: Type.Array(
        Type.Object(
          { text: Text(longestBlock), heading: Type.Optional(HeadingLevel), page: Type.Optional(Page) },
          strictly
        )
      )
    },
    strictly
  ),
  Type.Object(
    {
      format: Type.Union(formats.map((format) => Type.Literal(format))),
      title: Type.Optional(Text(longestTitle)),
      pages: Type.Optional(Page)
    },
    strictly
  ),
  Type.Object(
    {
      unreadable: Type.Union((Object.keys(reasons) as Reason[]).map((reason) => Type.Literal(reason))),
      where: Type.Optional(Type.String({ maxLength: longestTrace, pattern: manyLines }))
    },
    strictly
  )
])

/** What the process that reads a file may say; whatever else it says is nothing that we listen to. */
export type Said = Static<typeof Said>

const fits = fitsFor(Said)

export class Garbage extends Error {}

export function understand(frame: Buffer): Said {
  const said: unknown = JSON.parse(frame.toString())
  if (!fits(said)) throw new Garbage()
  return said
}
