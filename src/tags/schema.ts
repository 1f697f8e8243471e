import { Type } from 'typebox'
import { changes, idOf } from '../shapes.ts'
import { moment, text } from '../told.ts'
import { TagName } from './name.ts'

const name = { ...TagName, description: 'What it is called; large and small letters make no difference.' }
const examples = [{ name: 'lease' }]

export const NewTag = Type.Object({ name }, { says: 'Send a form or a JSON object.', examples })
export const TagChange = Type.Object({ name }, { ...changes, examples })
export const InTag = Type.Object({ tagId: idOf('the tag') })

/** A tag as the API tells it. */
export const Tag = Type.Object(
  { id: idOf('the tag'), name: text('What it is called.'), created_at: moment('When it was made') },
  { title: 'Tag' }
)
