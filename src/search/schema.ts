import { Type } from 'typebox'
import { Id, InWorkspaceOfMine, idOf } from '../shapes.ts'
import { TagWanted } from '../tags/name.ts'
import { count, nullable, text } from '../told.ts'

const limit = Type.Integer({
  minimum: 1,
  maximum: 50,
  finite: true,
  default: 10,
  says: 'Ask for 1 to 50 at a time.',
  description: 'How many at most.'
})
/** Anything may be asked; what is too long to mean something is cut, not refused. */
const q = Type.String({
  default: '',
  description: 'What to look for, in words or as a question; nothing is found by nothing.',
  examples: ['deposit']
})

export const SearchHere = Type.Object({ q, tag: Type.Optional(Id), limit })
export const SearchJson = Type.Object({ workspace_id: InWorkspaceOfMine, q, tag: Type.Optional(TagWanted), limit })

const rank = (description: string) =>
  Type.Optional(
    Type.Object(
      {
        rank: count('Its place in that search; 1 is the best.'),
        score: Type.Number({ description: 'How well it matched there.' })
      },
      { description }
    )
  )

/** A passage of a document, short enough to be found and quoted. */
export const Passage = Type.Object(
  {
    n: count('Its place in the document; 1 is the first.'),
    text: text('What it says.'),
    section: text('The headings it stands under; empty where there are none.'),
    page: nullable(count('The page it is on; null where the document has no pages.')),
    document_id: idOf('the document'),
    title: text('What the document is called.'),
    passage_id: idOf('the passage'),
    score: Type.Number({ description: 'How well it matched, from 0 to 1 among what was found.' }),
    lexical: rank('How the search by words found it; left out where it did not.'),
    dense: rank('How the search by meaning found it; left out where it did not.')
  },
  { title: 'Passage' }
)

export const PassagesFound = Type.Object(
  { items: Type.Array(Passage, { description: 'What was found, the best first.' }) },
  { title: 'PassagesFound' }
)
