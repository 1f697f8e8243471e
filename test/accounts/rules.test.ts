import fc from 'fast-check'
import t from 'tap'
import { nextPath } from '../../src/accounts/next-path.ts'
import { type SignUp, signUpSchema } from '../../src/accounts/schema.ts'
import { candidates, usernameFrom } from '../../src/accounts/username.ts'
import { check } from '../../src/plugins/validation.ts'
import { password, startApp } from '../support/carrel.ts'

const ann = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }
const schema = signUpSchema(10)

/** What is kept of a sign-up with this in one of its fields; undefined when the field is refused. */
function kept(field: keyof SignUp, given: string): string | undefined {
  const person: Record<string, unknown> = { ...ann, [field]: given }
  try {
    check(schema, person)
  } catch {
    return undefined
  }
  return person[field] as string
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(' ', '\t', '\0', '\ud800', '\u202e', '\ufeff', 'ß', 'İ', 'K', 'Σ', 'A', 'é', '🗝') })
)

const pieces = [
  '/',
  '\\',
  '.',
  '..',
  '%2f',
  '%2F',
  '%5c',
  '%2e',
  '%25',
  '%',
  '%ff',
  '%00',
  '%09',
  '%0d%0a',
  '@',
  ':',
  '?',
  '#'
]
const oddities = [
  '\t',
  '\n',
  '\r',
  '\0',
  ' ',
  '\u2028',
  '\u0085',
  '\ufeff',
  '／',
  '⁄',
  '。',
  '\ud800',
  'é',
  ';',
  '&next=',
  '['
]
const words = ['evil.example', 'http:', 'https:', 'javascript:', 'data:', 'workspaces', 'x']
const tricky = fc.array(fc.constantFrom(...pieces, ...oddities, ...words), { maxLength: 12 })
const anyPath = fc.oneof(
  { weight: 6, arbitrary: tricky.map((parts) => `/${parts.join('')}`) },
  tricky.map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }).map((text) => `/${text}`),
  fc.webUrl(),
  fc.webPath({ size: 'large' })
)

/** The text with every escape in it taken for what it stands for, as somebody on the way might. */
const decoded = (text: string) =>
  text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))

t.test('whatever is given as the next page, a browser stays here', async (t) => {
  const bases = ['https://carrel.example/login', 'http://127.0.0.1:3000/register?next=/x#y']
  fc.assert(
    fc.property(anyPath, (given) => {
      const path = nextPath(given)
      if (path === undefined) return
      if (!/^\/(?!\/)[\x21-\x7e]*$/.test(path)) throw new Error(`odd: ${JSON.stringify(path)}`)
      let read = path
      for (let round = 0; round < 4; round += 1) {
        for (const base of bases) {
          if (new URL(read, base).origin !== new URL(base).origin) throw new Error(`${path} leads away as ${read}`)
        }
        read = decoded(read)
      }
      if (nextPath(path) !== path) throw new Error(`${path} is refused when it comes back`)
    }),
    { numRuns: 20_000 }
  )
  t.pass('no counterexample')
})

t.test('known ways to another site lead home instead', async (t) => {
  const { person } = await startApp(t)
  const browser = await person('Ann')
  const tricks = [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '\\/evil.example',
    'https://evil.example/',
    'https:evil.example',
    'http:/evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '@evil.example',
    '.evil.example',
    ' //evil.example',
    '\t//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\n/evil.example',
    '/\0/evil.example',
    '/x\r\nset-cookie: a=b',
    '/x%0d%0aset-cookie:%20a=b',
    '/\u0085/evil.example',
    '/\u2028/evil.example',
    '/\ufeff/evil.example',
    '/ /evil.example',
    '/%2F/evil.example',
    '/%2fevil.example',
    '%2f%2fevil.example',
    '/%5cevil.example',
    '/%255cevil.example',
    '/%252fevil.example',
    '/%25252fevil.example',
    '/%252525252525252525252fevil.example',
    '/%09/evil.example',
    '/%00/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    '/%2e%2e//evil.example',
    '/x/%2E%2e//evil.example',
    '/./%2fevil.example',
    '/../%2fevil.example',
    '/./%5cevil.example',
    '/%ff',
    '/\ud800',
    `/${'x'.repeat(3000)}`,
    ''
  ]
  for (const trick of tricks) {
    const next = trick.isWellFormed() ? encodeURIComponent(trick) : '%ed%a0%80'
    t.equal(nextPath(trick), undefined, next)
    t.match(await browser.open(`/login?next=${next}`), { statusCode: 303, headers: { location: '/' } })
  }
})

t.test('a page of ours is where one goes on, whatever its address holds', async (t) => {
  const { person } = await startApp(t)
  const browser = await person('Ann')
  const pages = {
    '/': '/',
    '/workspaces': '/workspaces',
    '/workspaces?limit=5&cursor=x#members': '/workspaces?limit=5&cursor=x#members',
    '/accept-invite?code=a-b_c': '/accept-invite?code=a-b_c',
    '/search?q=//evil.example': '/search?q=//evil.example',
    '/search?q=https://evil.example/': '/search?q=https://evil.example/',
    '/search?q=a%20b%26c': '/search?q=a%20b%26c',
    '/search?q=100%25': '/search?q=100%25',
    '/search?q=50%25+of+it': '/search?q=50%25+of+it',
    '/x/../workspaces': '/workspaces',
    '/größe': '/gr%C3%B6%C3%9Fe'
  }
  for (const [given, path] of Object.entries(pages)) {
    t.equal(nextPath(given), path, given)
    const { headers } = await browser.open(`/login?next=${encodeURIComponent(given)}`)
    t.equal(headers.location, path, given)
  }
})

const letters = (text: string) => [...text].length
const kind = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u

t.test('a name is kept trimmed when it has 1 to 100 characters that can be shown, and refused otherwise', async (t) => {
  for (const field of ['firstName', 'lastName'] as const) {
    fc.assert(
      fc.property(anyText, (given) => {
        const name = given.trim()
        const right = letters(name) >= 1 && letters(name) <= 100 && !kind.test(name)
        return kept(field, given) === (right ? name : undefined)
      }),
      { numRuns: 1000 }
    )
    for (const [length, works] of Object.entries({ 1: true, 100: true, 101: false })) {
      for (const one of ['a', 'é', '🗝']) t.equal(kept(field, one.repeat(Number(length))) !== undefined, works)
    }
  }
})

t.test('a username is kept trimmed and in small letters when it is one, and refused otherwise', async (t) => {
  const almost = fc.string({ unit: fc.constantFrom(...'abzABZ019._- @Ké'), maxLength: 40 })
  fc.assert(
    fc.property(fc.oneof(almost, anyText), (given) => {
      const name = given.trim().toLowerCase()
      const right = name === '' || /^[a-z0-9._-]{3,32}$/.test(name)
      return kept('username', given) === (right ? name : undefined)
    }),
    { numRuns: 2000 }
  )
  t.same(
    ['ab', 'abc', 'a'.repeat(32), 'a'.repeat(33)].map((name) => kept('username', name)),
    [undefined, 'abc', 'a'.repeat(32), undefined]
  )
})

t.test('a password is kept as it is when it has 10 to 128 characters, and refused otherwise', async (t) => {
  fc.assert(
    fc.property(anyText, (given) => {
      const right = letters(given) >= 10 && letters(given) <= 128
      return kept('password', given) === (right ? given : undefined)
    }),
    { numRuns: 1000 }
  )
  t.equal(kept('password', ` ${'\t'.repeat(10)} `), ` ${'\t'.repeat(10)} `)
})

t.test('an email is kept trimmed and in small letters, and what is kept is always one', async (t) => {
  const almost = fc.string({ unit: fc.constantFrom(...'aZ0é.-_+@@<"\u0130 \t\0'), maxLength: 40 })
  const long = fc.tuple(fc.nat(70), fc.nat(260)).map(([local, host]) => `${'a'.repeat(local)}@${'b'.repeat(host)}.org`)
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), almost, long, anyText), (given) => {
      const email = kept('email', given)
      if (email === undefined) return
      const plain = /^[^\s@<>"\p{Cc}\p{Cs}]+@(?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]+$/u.test(email)
      if (email !== given.trim().toLowerCase()) throw new Error(`${given} is kept as ${email}`)
      if (!plain || letters(email) > 254) throw new Error(`${email} is no address`)
      if (kept('email', email) !== email) throw new Error(`${email} is refused when it comes back`)
    }),
    { numRuns: 3000 }
  )
  fc.assert(
    fc.property(fc.emailAddress(), (email) => kept('email', ` ${email.toUpperCase()}\n`) === email.toLowerCase())
  )
  for (const email of ['a@b.co', "o'hara+desk@mail.example.com", 'jörg@bücher.example', 'a@xn--bcher-kva.example'])
    t.equal(kept('email', email), email)
  for (const email of ['', '@', 'a', 'a@', '@b.co', 'a@b', 'a@b.', 'a@.co', 'a@b..co', 'a@b.co.', 'a@-b.co', 'a@b-.co'])
    t.equal(kept('email', email), undefined, email)
  for (const email of [
    'a b@c.co',
    'a@b c.co',
    'a@b@c.co',
    'a@b.co, d@e.co',
    'Ann <a@b.co>',
    '"a"@b.co',
    'a@[127.0.0.1]'
  ])
    t.equal(kept('email', email), undefined, email)
  for (const email of ['a@b.co\r\nbcc: d@e.co', 'a\0@b.co', 'a@b.co\0', `${'a'.repeat(65)}@b.co`])
    t.equal(kept('email', email), undefined, email)
})

t.test('a username made from an email, and every other one tried after it, is one that may be chosen', async (t) => {
  const local = fc.oneof(fc.emailAddress(), anyText, fc.string({ unit: fc.constantFrom(...'aé.-ﬁ٣'), maxLength: 64 }))
  const random = fc.oneof(fc.constantFrom(0, 1 - Number.EPSILON), fc.double({ min: 0, max: 0.999999999, noNaN: true }))
  fc.assert(
    fc.property(local, random, (email, random) => {
      for (const name of candidates(usernameFrom(email), () => random)) {
        if (!/^[a-z0-9._-]{3,32}$/.test(name)) throw new Error(`${name} from ${email}`)
      }
    }),
    { numRuns: 1000 }
  )
  t.equal(usernameFrom('Ann.Arbor@example.com'), 'ann.arbor')
  t.equal(usernameFrom('Zoë@example.com'), 'zoe')
  t.equal(usernameFrom('a+b@example.com'), 'readerab')
  t.equal(usernameFrom('李@example.com'), 'reader')
})

t.test('any number of people whose addresses begin alike get a username each', async (t) => {
  const { visitor } = await startApp(t)
  const names = new Set<string>()
  for (let number = 0; number < 15; number += 1) {
    const email = `${'longlocalpart'.repeat(4)}@host${number}.example`
    const answer = await visitor().api('POST', '/api/auth/signup', { ...ann, email })
    t.equal(answer.statusCode, 200)
    t.match(answer.json().user.username, /^[a-z0-9._-]{3,32}$/)
    names.add(answer.json().user.username)
  }
  t.equal(names.size, 15)
})

t.test('what is accepted is stored exactly as the rules say, and what is refused is not stored', async (t) => {
  const { app, visitor } = await startApp(t)
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 110 }),
    fc.constantFrom(' Ann ', "O'Hara", '<b>', '李', '\0')
  )
  const email = fc.oneof(
    fc.emailAddress(),
    fc.emailAddress().map((one) => ` ${one.toUpperCase()}`),
    text
  )
  const secret = fc.oneof(fc.string({ unit: 'grapheme', minLength: 8, maxLength: 130 }), fc.constant(`  ${password}  `))
  const everything = fc.record({ firstName: text, lastName: text, email, password: secret })

  await fc.assert(
    fc.asyncProperty(everything, async (person) => {
      const before = await app.db.selectFrom('accounts').selectAll().execute()
      const answer = await visitor().api('POST', '/api/auth/signup', person)
      const rows = await app.db.selectFrom('accounts').selectAll().execute()
      const added = rows.filter(({ id }) => before.every((row) => row.id !== id))
      if (answer.statusCode !== 200) return added.length === 0 && [400, 409].includes(answer.statusCode)

      const [row] = added
      const login = { email: person.email.toUpperCase(), password: person.password }
      const again = await visitor().api('POST', '/api/v1/auth/login', login)
      return (
        added.length === 1 &&
        row?.first_name === person.firstName.trim() &&
        row.last_name === person.lastName.trim() &&
        row.email === person.email.trim().toLowerCase() &&
        again.statusCode === 200
      )
    }),
    { numRuns: 60 }
  )
  t.ok((await app.db.selectFrom('accounts').selectAll().execute()).length > 0, 'some were accepted')
})
