import { Type } from 'typebox'
import { SearchJson } from '../../search/schema.ts'
import { workspacesOf } from '../../workspaces/store.ts'
import { notice, ofDocument, placed, quoted } from '../quoted.ts'
import { tool } from '../tool.ts'

const { workspace_id, limit } = SearchJson.properties

const Found = Type.Object({
  passage_id: Type.String(),
  document_id: Type.String(),
  n: Type.Integer({ description: 'Which passage of its document it is.' }),
  title: Type.String({ description: `Of the document. ${ofDocument}` }),
  section: Type.String({ description: `The headings it stands under. ${ofDocument}` }),
  page: Type.Union([Type.Integer(), Type.Null()]),
  text: Type.String({ description: ofDocument })
})

export const search = tool({
  name: 'search',
  title: 'Search documents',
  description:
    'Finds the passages of the documents in one workspace that fit some words or a question best, best first. Use ask instead for an answer.',
  scope: 'read',
  changes: false,
  again: true,
  input: Type.Object(
    {
      workspace_id: { ...workspace_id, description: 'From list_workspaces.' },
      query: Type.String({ minLength: 1, description: 'Words or a question.', says: 'Say what to search for.' }),
      limit: { ...limit, description: 'How many passages at most.' }
    },
    { additionalProperties: false }
  ),
  output: Type.Object({ passages: Type.Array(Found) }),
  async run({ workspace_id, query, limit }, { app, request }) {
    const workspace = await workspacesOf(request.user, app.db).open(workspace_id)
    const items = await app.searching.find(workspace, { q: query, limit }, request.user)
    const passages = items.map(({ passage_id, document_id, n, title, section, page, text }) => ({
      ...{ passage_id, document_id, n, title, section, page, text }
    }))
    const lines = passages.map(
      (found) =>
        `passage_id: ${found.passage_id} · document_id: ${found.document_id} · n: ${found.n}\n${placed(found)}\n>\n${quoted(found.text)}`
    )
    const head = passages.length > 0 ? `Passages found: ${passages.length}. ${notice}` : 'Nothing was found.'
    return { text: [head, ...lines].join('\n\n'), told: { passages } }
  }
})
