import { type Static, Type } from 'typebox'
import { Asking } from '../chats/schema.ts'
import { changes, exampleId, Id, InWorkspaceOfMine, idOf, oneLine } from '../shapes.ts'
import { moment, nullable, text as plain } from '../told.ts'

const title = Type.String({
  trim: true,
  minLength: 1,
  maxLength: 300,
  pattern: oneLine,
  says: 'Give it a title of up to 300 characters.',
  description: 'What to find it by.'
})
const text = { ...Asking, description: 'The question, as it is put.' }
const everywhere = 'null for all of them'
const workspace_id = Type.Union([InWorkspaceOfMine, Type.Null()], {
  says: InWorkspaceOfMine.says,
  description: `The only one of your workspaces it is offered in; ${everywhere}.`
})

export const NewPrompt = Type.Object(
  { title, text, workspace_id: Type.Optional(workspace_id) },
  {
    says: 'Send a form or a JSON object.',
    examples: [
      { title: 'What is due', text: 'What has to be paid this month, to whom, and by when?' },
      { title: 'The deposit', text: 'How much is the deposit?', workspace_id: exampleId }
    ]
  }
)
export type NewPrompt = Static<typeof NewPrompt>

export const PromptChange = Type.Partial(Type.Object({ title, text, workspace_id }), {
  ...changes,
  minProperties: 1,
  examples: [{ title: 'What is due soon', workspace_id: null }]
})
export type PromptChange = Static<typeof PromptChange>

export const InPrompt = Type.Object({ promptId: idOf('the prompt') })

/** A prompt as the API tells it. */
export const Prompt = Type.Object(
  {
    id: idOf('the prompt'),
    title: plain('What to find it by.'),
    text: plain('The question, as it is put.'),
    workspace_id: nullable({ ...Id, description: `The only workspace it is offered in; ${everywhere}.` }),
    created_at: moment('When it was first kept'),
    updated_at: moment('When it was changed last')
  },
  { title: 'Prompt' }
)
