import { Type } from 'typebox'
import { documentsOf } from '../../documents/mine.ts'
import { passagesOf, textOf } from '../../documents/passages.ts'
import { Invalid, NotFound } from '../../errors.ts'
import { Id } from '../../shapes.ts'
import type { Reader } from '../../viewer.ts'
import { notice, ofDocument, placed, quoted } from '../quoted.ts'
import { type Call, tool } from '../tool.ts'

const Passage = Type.Object({
  passage_id: Type.String(),
  n: Type.Integer({ description: 'Which passage of the document it is.' }),
  page: Type.Union([Type.Integer(), Type.Null()]),
  text: Type.String({ description: ofDocument })
})

type Wanted = { passage_id?: string; document_id?: string; n?: number }

function place({ passage_id, document_id, n }: Wanted, user: Reader, { db }: Call['app']) {
  if ((passage_id === undefined) === (document_id === undefined))
    throw new Invalid({ fields: { passage_id: 'Name a passage, or a document and n; one of the two.' } })
  if (passage_id !== undefined) return documentsOf(user, db).openAt(passage_id)
  return documentsOf(user, db)
    .open(document_id as string)
    .then((opened) => ({ ...opened, n: n ?? 1 }))
}

export const readPassage = tool({
  name: 'read_passage',
  title: 'Read a passage',
  description:
    'Reads one passage of a document with the passages around it, for what stands before and after something that was found or cited. Name it by passage_id, or by document_id and n; to read a whole document, go on with the n that comes next.',
  scope: 'read',
  changes: false,
  again: true,
  input: Type.Object(
    {
      passage_id: Type.Optional({ ...Id, description: 'From search, or from what an answer cites.' }),
      document_id: Type.Optional({ ...Id, description: 'Instead of passage_id, together with n.' }),
      n: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 10_000_000,
          description: 'Which passage of the document; 1 is the first.',
          says: 'Passages are counted from 1.'
        })
      ),
      around: Type.Integer({
        minimum: 0,
        maximum: 10,
        default: 1,
        description: 'How many passages before it and after it to read too.',
        says: 'Ask for 0 to 10 on each side.'
      })
    },
    { additionalProperties: false }
  ),
  output: Type.Object({
    document_id: Type.String(),
    workspace_id: Type.String(),
    title: Type.String({ description: `Of the document. ${ofDocument}` }),
    n: Type.Integer({ description: 'The passage that was asked for.' }),
    passages: Type.Array(Passage),
    next: Type.Union([Type.Integer(), Type.Null()], { description: 'The n that comes next, if there is more.' })
  }),
  async run({ around, ...wanted }, { app, request }) {
    const { document, n } = await place(wanted, request.user, app)
    const first = Math.max(1, n - around)
    const read = await passagesOf(document, app.db).from(first, n + around + 1 - first)
    const passages = read.passages.map((passage) => ({
      ...{ passage_id: passage.id, n: passage.n, page: passage.page, text: textOf(passage) }
    }))
    if (!passages.some((passage) => passage.n === n)) throw new NotFound()
    const { id: document_id, workspace_id, title } = document
    const next = read.next ?? null
    const lines = passages.map(
      ({ passage_id, n, page, text }) =>
        `n: ${n} · passage_id: ${passage_id}${page ? ` · page ${page}` : ''}\n${quoted(text)}`
    )
    const more = next === null ? 'This is the end of the document.' : `It goes on with n: ${next}.`
    const head = `From document_id: ${document_id}. ${notice}\n${placed({ title, page: null })}`
    return { text: [head, ...lines, more].join('\n\n'), told: { document_id, workspace_id, title, n, passages, next } }
  }
})
