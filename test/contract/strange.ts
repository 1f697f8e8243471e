import fc, { type Arbitrary } from 'fast-check'
import type { Ids } from '../support/full-desk.ts'

const nested = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels)
const deep = fc
  .tuple(fc.constantFrom(2, 90, 3000, 9000), fc.boolean())
  .map(([levels, list]) => (list ? nested(levels, '[', ']') : `${nested(levels, '{"a":', '}').replace(':}', ':{}}')}`))

const strange = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\u202egnp.exe',
  '\u2066\u2069',
  '\ufeff',
  'e\u0301'.repeat(9),
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '__proto__',
  'constructor',
  'toString',
  "' or 1=1 --",
  '%00',
  '../../etc/passwd',
  '{{7*7}}',
  '-1',
  '0x10',
  '1e400',
  'NaN',
  'null',
  'true',
  '2099-99-99T99:99:99Z',
  '0001-01-01T00:00:00Z',
  'x'.repeat(5000),
  '\u{1f600}'.repeat(301),
  'ann@example.com',
  'http://[::ffff:a9fe:a9fe]/'
]
const numbers = ['0', '-0', '1', '-1', '0.5', '1e2', '1e400', '-1e400', '1e-400', '9007199254740993', '4294967296']
const others = ['null', 'true', 'false', '[]', '{}', '[[]]', '[{}]', '{"a":1}', '{"toString":1}', '{"length":-1}']
export const oddNames = [
  '__proto__',
  'constructor',
  'toString',
  'then',
  'id',
  'role',
  'account_id',
  '',
  '\0',
  '\ud800',
  '$where',
  'a/b'
]

/** Any text, and the ids of things of all kinds. */
export const anyText = (ids: Ids) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...strange) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(ids)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) }
  )

/** Any JSON, as it is written: what no object could hold is among it. */
export const anyJson = (ids: Ids): Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: anyText(ids).map((one) => JSON.stringify(one)) },
    { weight: 3, arbitrary: fc.constantFrom(...numbers, ...others) },
    { weight: 1, arbitrary: deep },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: fc.array(anyText(ids), { maxLength: 30 }).map((one) => JSON.stringify(one)) }
  )

/** Also of halves of characters, which no address could hold otherwise. */
export const encoded = (text: string) =>
  Buffer.from(text).reduce((all, byte) => `${all}%${byte.toString(16).padStart(2, '0')}`, '')

/** What no address should hold, as it stands there. */
export const broken = ['%', '%zz', '%ff%fe', '%e0%80', '1e400', '-0', '[]', '+', '%00']
