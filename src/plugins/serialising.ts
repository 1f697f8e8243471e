import { createRequire } from 'node:module'

type Serialise = (answer: unknown) => string

const require = createRequire(import.meta.url)

/** An answer that lacks something is better than none, so what is required is asked for by the tests alone. */
const forgiving = (schema: object) =>
  JSON.parse(JSON.stringify(schema, (key, value) => (key === 'required' && Array.isArray(value) ? undefined : value)))

function compile(schema: object): Serialise {
  const build = require('fast-json-stringify') as (schema: object) => Serialise
  return build(forgiving(schema))
}

const known = new WeakMap<object, Serialise>()

/**
 * Tells an answer by its schema: what that does not list is not sent. Made at the first answer of its kind, for most
 * of them nobody asks for soon after a start.
 */
export function serializerFor({ schema }: { schema: object }): Serialise {
  return (answer) => {
    const serialise = known.get(schema) ?? compile(schema)
    known.set(schema, serialise)
    return serialise(answer)
  }
}
