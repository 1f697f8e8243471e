import { type Static, Type } from 'typebox'
import { Email } from '../accounts/schema.ts'
import { changes, Id, manyLines, oneLine } from '../shapes.ts'

const Name = Type.String({
  trim: true,
  minLength: 1,
  maxLength: 100,
  pattern: oneLine,
  says: 'Give it a name of up to 100 characters.'
})
const Description = Type.String({
  trim: true,
  maxLength: 2000,
  pattern: manyLines,
  says: 'Keep the description under 2000 characters.'
})
const ModelName = Type.String({
  trim: true,
  maxLength: 200,
  pattern: oneLine,
  says: 'Name the model in up to 200 characters.'
})
const mostDocuments = 1_000_000_000
const workspace_id = Type.Optional({ ...Id, says: 'Choose one of your workspaces.' })

/** What a program says of itself. */
export const InstanceTags = Type.Object(
  {
    model_name: ModelName,
    is_cot: Type.Boolean({ says: 'Say true or false.' }),
    document_count: Type.Integer({ minimum: 0, maximum: mostDocuments, says: 'Send a whole number.' })
  },
  { says: 'Send model_name, is_cot and document_count.' }
)
export type InstanceTags = Static<typeof InstanceTags>

export const NewInstance = Type.Object(
  {
    upload_name: Name,
    email: Type.Optional(Email),
    description: Type.Optional(Description),
    tags: InstanceTags,
    workspace_id
  },
  { says: 'Send a JSON object.' }
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
    email: Type.Union([Email, Type.Null()], { says: 'Enter an email address, or null for none.' }),
    description: Description,
    tags: InstanceTags,
    disabled: Type.Boolean({ says: 'Say true or false.' })
  }),
  { ...changes, minProperties: 1 }
)
export type InstanceChange = Static<typeof InstanceChange>
export const InInstance = Type.Object({ instanceId: Id })
