import { Type } from 'typebox'
import { changes, exampleId, Id, InWorkspaceOfMine, idOf, oneLine, Page } from '../shapes.ts'
import { TagNames, Tags, TagText, TagWanted } from '../tags/name.ts'

const titled = 'What it is called; made from what is given where it is left out.'
const tagging = 'The names of your own tags for it; those that are new are made.'
const says = 'Give it a title of up to 300 characters.'
export const Title = Type.String({
  trim: true,
  minLength: 1,
  maxLength: 300,
  pattern: oneLine,
  says,
  description: 'What it is called.'
})
const title = Type.Optional(Type.String({ trim: true, maxLength: 300, pattern: oneLine, says, description: titled }))
const text = Type.Optional(
  Type.String({ says: 'Paste some text.', description: 'A text to keep; this, a url or files are needed.' })
)
const url = Type.Optional(
  Type.String({
    trim: true,
    maxLength: 2048,
    pattern: oneLine,
    says: 'Paste a web address.',
    description: 'The address of a web page to save.'
  })
)

/** A text or a web address; a file comes beside these fields. Nothing but spaces counts as nothing. */
export const DocumentForm = Type.Object({ title, text, url, tags: Type.Optional(TagText) })

export const DocumentJson = Type.Object(
  {
    workspace_id: InWorkspaceOfMine,
    title,
    text,
    url,
    tags: Type.Optional({ ...Tags, description: tagging })
  },
  {
    says: 'Send a JSON object, or a form with files.',
    examples: [
      { workspace_id: exampleId, title: 'Lease', text: 'The deposit is two months of rent.', tags: ['flat'] },
      { workspace_id: exampleId, url: 'https://example.com/opening-hours' }
    ]
  }
)

const file = Type.Array(Type.String({ contentMediaType: 'application/octet-stream' }), {
  maxItems: 20,
  description: 'The files; this, a text or a url are needed.'
})
/** The same beside files; between tags stand commas. */
export const DocumentFiles = Type.Object({
  workspace_id: InWorkspaceOfMine,
  file,
  title,
  text,
  url,
  tags: Type.Optional({ ...TagText, description: `${tagging.slice(0, -1)}; with commas between them.` })
})

export const DocumentChange = Type.Object(
  {
    title: Type.Optional(Title),
    tags: Type.Optional({ ...TagNames, description: 'The names of your own tags for it, in place of those it has.' })
  },
  { ...changes, minProperties: 1, examples: [{ title: 'The lease', tags: ['flat', 'lease'] }] }
)
export const DocumentRename = Type.Object({ title: Title, tags: Type.Optional(TagText) })

export const InDocument = Type.Object({ workspaceId: Id, documentId: Id })
export const OneDocument = Type.Object({ documentId: idOf('the document') })

/** Where in a long document to begin, with which of its passages; and where among what cites it. */
export const Reading = Type.Object({
  from: Type.Integer({ minimum: 1, maximum: 10_000_000, finite: true, default: 1 }),
  cited: Type.Optional(Id)
})

export const PassagePage = Type.Object({
  cursor: Type.Optional(
    Type.String({
      pattern: '^[1-9][0-9]{0,7}$',
      says: 'This is no place in a document.',
      description: 'Where to go on: next_cursor of the page before, or the number of any passage.'
    })
  ),
  limit: Page.properties.limit
})

export const DocumentList = Type.Object({
  ...Page.properties,
  workspace_id: Type.Optional({ ...Id, description: 'Only those in this workspace.' }),
  tag: Type.Optional(TagWanted)
})
