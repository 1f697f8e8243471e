import { type Static, Type } from 'typebox'
import { Email } from '../accounts/schema.ts'
import { changes, exampleId, Id, idOf, manyLines, oneLine } from '../shapes.ts'
import { count, moment, nullable, Problem, text } from '../told.ts'

const Name = Type.String({
  trim: true,
  minLength: 1,
  maxLength: 100,
  pattern: oneLine,
  says: 'Give it a name of up to 100 characters.',
  description: 'What to know the program by.'
})
const Description = Type.String({
  trim: true,
  maxLength: 2000,
  pattern: manyLines,
  says: 'Keep the description under 2000 characters.',
  description: 'What it is for.'
})
const ModelName = Type.String({
  trim: true,
  maxLength: 200,
  pattern: oneLine,
  says: 'Name the model in up to 200 characters.',
  description: 'The model it works with.'
})
const mostDocuments = 1_000_000_000
const workspace_id = Type.Optional({
  ...Id,
  says: 'Choose one of your workspaces.',
  description: 'The workspace it is for, one you may add to; your own room where it is left out.'
})

/** What a program says of itself. */
export const InstanceTags = Type.Object(
  {
    model_name: ModelName,
    is_cot: Type.Boolean({
      says: 'Say true or false.',
      description: 'Whether that model thinks in steps before it answers.'
    }),
    document_count: Type.Integer({
      minimum: 0,
      maximum: mostDocuments,
      says: 'Send a whole number.',
      description: 'How many documents it brings.'
    })
  },
  {
    says: 'Send model_name, is_cot and document_count.',
    description: 'What it says of itself; nothing follows from it.'
  }
)
export type InstanceTags = Static<typeof InstanceTags>

const Address = { ...Email, description: 'Whom to write to about it.' }
const example = { upload_name: 'A loader', tags: { model_name: 'none', is_cot: false, document_count: 12 } }

export const NewInstance = Type.Object(
  {
    upload_name: Name,
    email: Type.Optional(Address),
    description: Type.Optional(Description),
    tags: InstanceTags,
    workspace_id
  },
  { says: 'Send a JSON object.', examples: [{ ...example, workspace_id: exampleId }] }
)
export type NewInstance = Static<typeof NewInstance>

export const InstanceForm = Type.Object({
  upload_name: Name,
  email: Type.Optional(Email),
  description: Type.Optional(Description),
  model_name: Type.Optional(ModelName),
  is_cot: Type.Optional(Type.Unknown()),
  document_count: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$', says: 'Type a whole number.' })),
  workspace_id
})

export const InstanceChange = Type.Partial(
  Type.Object({
    upload_name: Name,
    email: Type.Union([Email, Type.Null()], {
      says: 'Enter an email address, or null for none.',
      description: 'Whom to write to about it; null for nobody.'
    }),
    description: Description,
    tags: InstanceTags,
    disabled: Type.Boolean({
      says: 'Say true or false.',
      description: 'Whether it is kept out, until it is let in again.'
    })
  }),
  { ...changes, minProperties: 1, examples: [{ disabled: true }] }
)
export type InstanceChange = Static<typeof InstanceChange>
export const InInstance = Type.Object({ instanceId: idOf('the program') })

/** A registered program as the API tells it. */
export const Instance = Type.Object(
  {
    id: idOf('the program'),
    workspace_id: idOf('the one workspace it may use'),
    workspace_name: nullable(text('What that is called; null where you are in it no longer.')),
    upload_name: text('What to know it by.'),
    email: nullable(text('Whom to write to about it.')),
    description: text('What it is for; empty where nothing was said.'),
    tags: { ...InstanceTags, additionalProperties: true },
    disabled_at: nullable(moment('Since when it is kept out', 'null where it is not')),
    created_at: moment('When it was registered'),
    last_used_at: nullable(moment('When it was here last, to about a minute', 'null where it never was')),
    last_used_address: nullable(text('The network address it came from last.'))
  },
  { title: 'Instance' }
)

export const InstancePassword = Type.Object(
  {
    instance_id: idOf('the program, which is its name for Authorization: Basic'),
    instance_password: text('Its password; it is told this once.')
  },
  { title: 'InstancePassword' }
)

/** Programs that register know their one failure by a code that is a number. */
export const NotRegistered = Type.Object(
  {
    ...Problem.properties,
    code: count('The number 400.'),
    reason: Type.Optional(text('What is wrong, in words for a person.'))
  },
  { title: 'NotRegistered', description: 'It was not registered; reason says why.' }
)
