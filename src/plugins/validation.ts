import { Ajv, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv'
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
  // What is read as a number from an address may be infinite, and then no other rule of Ajv's is asked.
  ajv.addKeyword({
    keyword: 'finite',
    schemaType: 'boolean',
    validate: (_: true, value: unknown) => value !== Infinity && value !== -Infinity
  })
  return ajv
}

const bodies = validator(false)
const addresses = validator(true)

const otherwise = 'This is not what it should be.'

type Validate = { (input: unknown): boolean; errors?: ErrorObject[] | null | undefined }

/** Made when something is first sent there: all of them at once would make up most of the start. */
export function validatorFor({ schema, httpPart }: { schema: FastifySchema; httpPart?: string | undefined }) {
  const rules = httpPart === 'body' ? bodies : addresses
  let valid: ValidateFunction | undefined
  const validate: Validate = (input) => {
    valid ??= rules.compile(schema as AnySchema)
    const result = valid(input)
    validate.errors = valid.errors
    return result
  }
  return validate
}

/** Which field an error is about, if it is about one, and what its schema says of that. */
function complaint({ keyword, instancePath, params, parentSchema }: ErrorObject): { field?: string } & Rules {
  const parent = parentSchema as Says
  if (keyword === 'required') {
    const field = String(params.missingProperty)
    return { field, ...parent.properties?.[field] }
  }
  if (keyword === 'additionalProperties') {
    return { field: String(params.additionalProperty), says: 'This is not a field here.' }
  }
  const [, field] = instancePath.split('/')
  return { ...(field !== undefined && { field }), ...parent }
}

/** What to say beside which field: the first complaint that has words, or words for any. */
export function complaints(errors: ErrorObject[]): Invalid {
  const every = errors.map(complaint)
  // A field may have any name, also one that every object knows.
  const said = new Map<string, string | undefined>()
  for (const { field, says } of every) if (field !== undefined) said.set(field, said.get(field) ?? says)
  const fields: Fields = Object.fromEntries([...said].map(([field, says]) => [field, says ?? otherwise]))
  const requirements = every.find((one) => one.requirements)?.requirements
  const message = said.size === 0 && every.find((one) => one.says)?.says
  return new Invalid({ fields, ...(message && { message }), ...(requirements && { requirements }) })
}

/** Checks what did not come by a route, such as a command's arguments, by the same rules; cleans it in place. */
export function check(schema: AnySchema, input: object) {
  const valid = bodies.compile(schema)
  if (!valid(input)) throw complaints(valid.errors ?? [])
}
