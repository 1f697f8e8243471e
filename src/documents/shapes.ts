import { Type } from 'typebox'
import { Id, idOf } from '../shapes.ts'
import { count, moment, nullable, oneOf, text } from '../told.ts'
import { formats } from './extraction/format.ts'

/** A document as the API tells it. */
export const Document = Type.Object(
  {
    id: idOf('the document'),
    workspace_id: idOf('the workspace it is in'),
    added_by: idOf('the account that added it'),
    title: text('What it is called.'),
    origin: oneOf(['file', 'text', 'page'], 'What it was added as: a file, a text or a web page.'),
    source_url: nullable(text('The address of the web page; null for anything else.')),
    format: nullable(
      text(`What it turned out to be, such as ${formats.slice(0, 4).join(', ')}; null until it was read.`)
    ),
    bytes: count('How large the original is, in bytes.'),
    pages: nullable(count('How many pages it has; null until it was read, or where it has none.')),
    created_at: moment('When it was added'),
    updated_at: moment('When anything about it changed last'),
    status: oneOf(['pending', 'ready', 'failed'], 'Whether it can be searched and asked about.'),
    step: oneOf(['pending', 'extracting', 'indexing', 'ready', 'failed'], 'How far it has come on the way there.'),
    error: nullable(text('Why it failed, in words for a person.')),
    tags: Type.Array(text('A name.'), { description: 'The names of your own tags on it.' })
  },
  { title: 'Document' }
)

const Refused = Type.Object(
  { title: text('What it is called.'), why: text('Why, in words for a person.') },
  { title: 'RefusedFile' }
)

/** The first of what was added, and all of it: a form may bring several files. */
export const DocumentsAdded = Type.Object(
  {
    ...Document.properties,
    items: Type.Array(Document, { description: 'All that were given, those first that were not there yet.' }),
    refused: Type.Array(Refused, { description: 'Files that were not taken.' })
  },
  { title: 'DocumentsAdded' }
)

/** A piece of the text, as long as can be found and quoted. */
export const PassageOfDocument = Type.Object(
  {
    id: idOf('the passage'),
    n: count('Its place in the document; 1 is the first.'),
    page: nullable(count('The page it is on; null where the document has no pages.')),
    text: text('What it says; between paragraphs stands an empty line.')
  },
  { title: 'PassageOfDocument' }
)

export const CitedIn = Type.Object(
  {
    id: idOf('the answer'),
    question_id: nullable({ ...Id, description: 'The id of what it answers.' }),
    chat_id: idOf('the chat it stands in'),
    title: text('What that chat is called.'),
    created_at: moment('When it was asked for')
  },
  { title: 'CitedIn' }
)
