import { type Static, Type } from 'typebox'
import { type Scope, scopeNames } from '../scopes.ts'
import { changes, exampleId, Id, idOf, oneLine } from '../shapes.ts'
import { moment, nullable, oneOf, text } from '../told.ts'

const KeyName = Type.String({
  trim: true,
  minLength: 1,
  maxLength: 100,
  pattern: oneLine,
  says: 'Give it a name of up to 100 characters, such as the program it is for.',
  description: 'What to know it by, such as the program it is for.'
})

const OneScope = Type.Union(
  scopeNames.map((name) => Type.Literal<Scope>(name)),
  { says: `Choose from ${scopeNames.join(', ')}.` }
)
const chooseSome = 'Choose what it may do.'
const Scopes = Type.Array(OneScope, {
  minItems: 1,
  maxItems: 10,
  says: chooseSome,
  description: 'What whoever has the key may do.'
})

/** A field that is misspelt is refused: passed over, it could leave a key that opens more than was meant. */
export const NewKey = Type.Object(
  {
    name: KeyName,
    scopes: Scopes,
    workspace_id: Type.Optional({
      ...Id,
      says: 'Choose one of your workspaces.',
      description: 'The only workspace it opens; all of them where it is left out.'
    }),
    expires_at: Type.Optional(
      Type.String({
        description: 'Until when it works, in ISO 8601 and UTC; until it is revoked where it is left out.',
        pattern: '^20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?Z$',
        says: 'Name a moment to come, such as 2030-01-31T00:00:00Z.'
      })
    )
  },
  {
    additionalProperties: false,
    says: 'Send a JSON object.',
    examples: [
      { name: 'Nightly upload', scopes: ['read', 'write'], workspace_id: exampleId, expires_at: '2030-01-31T00:00:00Z' }
    ]
  }
)
export type NewKey = Static<typeof NewKey>

/** How long a key made on the page may live, in days. */
export const lifetimes = { '30': '30 days', '90': '90 days', '365': 'A year', never: 'Until you revoke it' } as const

/** One box that is ticked comes as a text, several as a list. */
export const KeyForm = Type.Object({
  name: KeyName,
  scopes: Type.Union([OneScope, Scopes], { says: chooseSome }),
  workspace_id: Type.Optional({ ...Id, says: 'Choose one of your workspaces.' }),
  expires: Type.Union(
    (Object.keys(lifetimes) as (keyof typeof lifetimes)[]).map((name) => Type.Literal(name)),
    { says: 'Choose how long it is to work.' }
  )
})

export const KeyChange = Type.Object({ name: KeyName }, { ...changes, examples: [{ name: 'Weekly upload' }] })
export const InKey = Type.Object({ keyId: idOf('the key') })

/** A key as the API tells it. */
export const Key = Type.Object(
  {
    id: idOf('the key'),
    name: text('What to know it by.'),
    last_four: text('The last four characters of it.'),
    scopes: Type.Array(oneOf(scopeNames, 'One of them.'), { description: 'What whoever has it may do.' }),
    workspace_id: nullable({ ...Id, description: 'The only workspace it opens; null where it opens all of them.' }),
    created_at: moment('When it was made'),
    expires_at: nullable(moment('When it ends', 'null where only revoking ends it')),
    last_used_at: nullable(moment('When it was used last, to about a minute', 'null where it never was')),
    last_used_address: nullable(text('The network address it was used from last.'))
  },
  { title: 'Key' }
)

export const MadeKey = Type.Object(
  { ...Key.properties, key: text('The key itself; it is told this once.') },
  { title: 'MadeKey' }
)
