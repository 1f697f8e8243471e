import { type Static, Type } from 'typebox'
import { type Scope, scopeNames } from '../scopes.ts'
import { changes, Id, oneLine } from '../shapes.ts'

const KeyName = Type.String({
  trim: true,
  minLength: 1,
  maxLength: 100,
  pattern: oneLine,
  says: 'Give it a name of up to 100 characters, such as the program it is for.'
})

const OneScope = Type.Union(
  scopeNames.map((name) => Type.Literal<Scope>(name)),
  { says: `Choose from ${scopeNames.join(', ')}.` }
)
const chooseSome = 'Choose what it may do.'
const Scopes = Type.Array(OneScope, { minItems: 1, maxItems: 10, says: chooseSome })

export const NewKey = Type.Object(
  {
    name: KeyName,
    scopes: Scopes,
    workspace_id: Type.Optional({ ...Id, says: 'Choose one of your workspaces.' }),
    expires_at: Type.Optional(
      Type.String({
        pattern: '^20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?Z$',
        says: 'Name a moment to come, such as 2030-01-31T00:00:00Z.'
      })
    )
  },
  { says: 'Send a JSON object.' }
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

export const KeyChange = Type.Object({ name: KeyName }, changes)
export const InKey = Type.Object({ keyId: Id })
