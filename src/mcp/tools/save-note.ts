import { Type } from 'typebox'
import { adding } from '../../documents/adding.ts'
import { keepText } from '../../documents/keeping.ts'
import { DocumentJson, Title } from '../../documents/schema.ts'
import { namesIn, TagNames } from '../../tags/name.ts'
import { workspacesOf } from '../../workspaces/store.ts'
import { tool } from '../tool.ts'

const { workspace_id } = DocumentJson.properties

export const saveNote = tool({
  name: 'save_note',
  title: 'Save a note',
  description:
    'Puts a text into a workspace as a new document, which can be searched, asked and cited a moment later. Everybody in that workspace can read it. Save only what you were asked to keep.',
  scope: 'write',
  changes: true,
  again: true,
  input: Type.Object(
    {
      workspace_id: { ...workspace_id, description: 'From list_workspaces, where the role is owner or editor.' },
      title: { ...Title, description: 'What the document is called.' },
      text: Type.String({ minLength: 1, description: 'Plain text or Markdown.', says: 'Give it some text.' }),
      tags: Type.Optional({ ...TagNames, description: 'Names of tags, made where there are none yet.' })
    },
    { additionalProperties: false }
  ),
  output: Type.Object({
    document_id: Type.String(),
    already_there: Type.Boolean({ description: 'Whether this very text was in the workspace before.' })
  }),
  async run({ workspace_id, title, text, tags }, { app, request }) {
    const workspace = await workspacesOf(request.user, app.db).edit(workspace_id)
    const note = await keepText(text, title, app.originals)
    const about = { origin: 'text' as const, source_url: null, tags: namesIn(tags) }
    const { added, already, refused } = await adding(app, request, workspace, [note], about)
    const [document] = [...added, ...already]
    if (!document) throw refused[0]?.refusal
    const already_there = already.length > 0
    const words = already_there ? 'This very text is there already' : 'Saved'
    return { text: `${words}, as document_id: ${document.id}.`, told: { document_id: document.id, already_there } }
  }
})
