import { Type } from 'typebox'
import { Id, oneLine, Page } from '../shapes.ts'
import { TagNames, Tags, TagText } from '../tags/name.ts'

const says = 'Give it a title of up to 300 characters.'
export const Title = Type.String({ trim: true, minLength: 1, maxLength: 300, pattern: oneLine, says })
const title = Type.Optional(Type.String({ trim: true, maxLength: 300, pattern: oneLine, says }))
const text = Type.Optional(Type.String({ says: 'Paste some text.' }))
const url = Type.Optional(Type.String({ trim: true, maxLength: 2048, pattern: oneLine, says: 'Paste a web address.' }))

/** A text or a web address; a file comes beside these fields. Nothing but spaces counts as nothing. */
export const DocumentForm = Type.Object({ title, text, url, tags: Type.Optional(TagText) })

export const DocumentJson = Type.Object(
  { workspace_id: { ...Id, says: 'Choose one of your workspaces.' }, title, text, url, tags: Type.Optional(Tags) },
  { says: 'Send a JSON object, or a form with files.' }
)

export const DocumentChange = Type.Object(
  { title: Type.Optional(Title), tags: Type.Optional(TagNames) },
  { additionalProperties: false, minProperties: 1 }
)
export const DocumentRename = Type.Object({ title: Title, tags: Type.Optional(TagText) })

export const InDocument = Type.Object({ workspaceId: Id, documentId: Id })
export const OneDocument = Type.Object({ documentId: Id })

/** Where in a long document to begin, with which of its passages; and where among what cites it. */
export const Reading = Type.Object({
  from: Type.Integer({ minimum: 1, maximum: 10_000_000, finite: true, default: 1 }),
  cited: Type.Optional(Id)
})

export const DocumentList = Type.Object({ ...Page.properties, workspace_id: Type.Optional(Id), tag: Type.Optional(Id) })
