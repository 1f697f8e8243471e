import fc, { type Arbitrary } from 'fast-check'
import type { Ids } from '../support/full-desk.ts'
import { allowed, fields, type Pair, written } from './allowed.ts'
import type { Operation } from './document.ts'
import { anyJson, anyText, broken, encoded, oddNames } from './strange.ts'

type Harm = 'change' | 'drop' | 'add' | 'repeat'

function harmed(pairs: Pair[], [harm, at, name, value]: [Harm, number, string, string]): Pair[] {
  if (harm === 'add' || pairs.length === 0) return [...pairs, [name, value]]
  const index = at % pairs.length
  const [field] = pairs[index] as Pair
  if (harm === 'repeat') return [...pairs, [field, value]]
  return pairs.flatMap((pair, n): Pair[] => (n !== index ? [pair] : harm === 'drop' ? [] : [[field, value]]))
}

/** Bodies for an operation: as they should be, then harmed a little, now and then beyond recognition. */
export function bodiesFor({ requestBody }: Operation, ids: Ids): Arbitrary<string | undefined> {
  const schema = requestBody?.content['application/json']?.schema
  if (!schema) return fc.constant(undefined)
  const harm = fc.tuple(
    fc.constantFrom<Harm>('change', 'change', 'drop', 'add', 'repeat'),
    fc.nat(20),
    fc.constantFrom(...oddNames),
    anyJson(ids)
  )
  const harms = fc.oneof(fc.constant([]), fc.array(harm, { minLength: 1, maxLength: 3 }))
  const body = fc.tuple(fields(schema, ids), harms).map(([pairs, all]) => written(all.reduce(harmed, pairs)))
  return fc.oneof({ weight: 15, arbitrary: body }, { weight: 1, arbitrary: anyJson(ids) })
}

/** Queries: of the names that are known and of others, some of them twice. */
export function queriesFor({ parameters }: Operation, ids: Ids): Arbitrary<string> {
  const known = parameters.filter((one) => one.in === 'query')
  if (known.length === 0) return fc.constant('')
  const right = known.map(({ name, schema }) =>
    allowed(schema, name, ids).map((value) => `${name}=${encodeURIComponent(value.replaceAll('"', ''))}`)
  )
  const name = fc.constantFrom(...known.map((one) => one.name), '__proto__', 'constructor', 'limit[]', '', '%00')
  const value = fc.oneof(fc.constantFrom(...broken), anyText(ids).map(encoded))
  const wrong = fc.tuple(name, value).map((pair) => pair.join('='))
  return fc.array(fc.oneof(...right, wrong), { maxLength: 4 }).map((all) => all.join('&'))
}

/** What stands in the path: the thing that is there, something of another kind, or nothing that could be one. */
export function placesFor({ path, method }: Operation, ids: Ids): Arbitrary<Ids> {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  const places = named.map((name, at) => {
    const elsewhere = Object.values(ids).filter((id) => id !== ids[name])
    const odd = fc.oneof(fc.constantFrom(...elsewhere), fc.constantFrom(...broken), anyText(ids).map(encoded))
    const wrong = odd.filter((one) => one !== '' && one !== encoded(ids[name] as string))
    // What is deleted is asked for no more.
    const last = method === 'DELETE' && at === named.length - 1
    return last
      ? wrong
      : fc.oneof({ weight: 4, arbitrary: fc.constant(ids[name] as string) }, { weight: 1, arbitrary: wrong })
  })
  return fc.tuple(...places).map((some) => Object.fromEntries(some.map((one, at) => [named[at], one])))
}
