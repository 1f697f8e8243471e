import { Ajv, type AnySchema, type ErrorObject } from 'ajv'
import type { FastifySchema } from 'fastify'
import { type Fields, Invalid } from '../errors.ts'

type Rules = { says?: string; requirements?: string }
type Says = Rules & { properties?: Record<string, Rules> }

/**
 * The one validator: of forms, of the JSON API and of the commands. Bodies are taken as they are; only what comes as
 * text in an address may be read as a number. `trim` and `lower` clean a text before its rules are applied, and
 * `says` is what a person is told when one of them is broken.
 */
function validator(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({ allErrors: true, useDefaults: true, coerceTypes, verbose: true, strict: true })
  ajv.addVocabulary(['says', 'requirements'])
  for (const [keyword, clean] of Object.entries({
    trim: (text: string) => text.trim(),
    lower: (text: string) => text.toLowerCase()
  })) {
    ajv.addKeyword({
      keyword,
      type: 'string',
      schemaType: 'boolean',
      modifying: true,
      before: 'maxLength',
      compile: () => (text: string, at) => {
        if (at) at.parentData[at.parentDataProperty] = clean(text)
        return true
      }
    })
  }
  return ajv
}

const bodies = validator(false)
const addresses = validator(true)

export function validatorFor({ schema, httpPart }: { schema: FastifySchema; httpPart?: string | undefined }) {
  return (httpPart === 'body' ? bodies : addresses).compile(schema as AnySchema)
}

/** What to say beside which field; the first complaint about a field is enough. */
export function complaints(errors: ErrorObject[]): Invalid {
  const fields: Fields = {}
  let requirements: string | undefined
  for (const { keyword, instancePath, params, parentSchema } of errors) {
    const missing = keyword === 'required' ? String(params.missingProperty) : ''
    const unknown = keyword === 'additionalProperties' ? String(params.additionalProperty) : ''
    const field = missing || unknown || (instancePath.split('/')[1] ?? '')
    const parent = parentSchema as Says
    const rules: Rules = missing ? (parent.properties?.[missing] ?? {}) : parent
    requirements ??= rules.requirements
    if (field)
      fields[field] ??= unknown ? 'This is not a field here.' : (rules.says ?? 'This is not what it should be.')
  }
  return new Invalid({ fields, ...(requirements && { requirements }) })
}

/** Checks what did not come by a route, such as a command's arguments, by the same rules; cleans it in place. */
export function check(schema: AnySchema, input: object) {
  const valid = bodies.compile(schema)
  if (!valid(input)) throw complaints(valid.errors ?? [])
}
