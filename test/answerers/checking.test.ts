import fc from 'fast-check'
import t from 'tap'
import { checking } from '../../src/answerers/checking.ts'
import { passages } from '../support/asking.ts'

const papers = passages(
  'The Landlord shall keep in repair and proper working\norder the installations for “space heating” and heating water.',
  'You must report within three working days of noticing it. It’s urgent; the ﬁtter comes at once – day or night.'
)

function checkedIn(text: string, size: number) {
  const checked = checking(papers)
  const pieces = []
  for (let at = 0; at < text.length; at += size) pieces.push(...checked.next(text.slice(at, at + size)))
  pieces.push(...checked.end())
  const quotes = pieces.flatMap((piece) => (piece.kind === 'quote' ? [{ n: piece.n, quote: piece.quote }] : []))
  return { markdown: pieces.map(({ text }) => text).join(''), quotes, cited: checked.cited() }
}
const checkedText = (text: string) => checkedIn(text, 5).markdown

t.test('only citations of passages that there are stay', async (t) => {
  t.equal(checkedText('So [1], so [2], not so [3].'), 'So [1], so [2], not so.')
  t.equal(
    checkedText('Both [1, 2], one [2; 9], a row [1-4], two [1][2].'),
    'Both [1][2], one [2], a row [1][2], two [1][2].'
  )
  t.equal(checkedText('As notes [^1] or 【2†lease】 have it.'), 'As notes [1] or [2] have it.')
  t.same(checkedIn('[2] [9] [1] [2]', 3).cited, [2, 1])
})

t.test('half a citation at the end is not shown', async (t) => {
  t.equal(checkedText('So it is [1'), 'So it is')
  t.equal(checkedText('So it is [1, '), 'So it is')
})

t.test('other brackets stay', async (t) => {
  for (const text of ['- [ ] to do', 'a [link](https://example.com)', '[sic]', 'x [', 'x \\[9]', '[12345]'])
    t.equal(checkedText(text), text)
})

t.test('in code nothing is changed', async (t) => {
  for (const text of ['`row[9] = "a"` ends', '```js\nrow[9] = "a"\n```\nends', '``a ` [9]`` ends', '```\nopen [9]'])
    t.equal(checkedText(text), text)
  t.equal(checkedText('an open ` mark\n\nthen [9] text'), 'an open ` mark\n\nthen text')
})

t.test('what is stored is quoted as it is stored', async (t) => {
  const { markdown, quotes } = checkedIn('"Keep in repair and proper working order" [1], "it\'s urgent" [2]', 4)
  t.equal(markdown, '“keep in repair and proper working order” [1], “It’s urgent” [2]')
  t.same(quotes, [
    { n: 1, quote: 'keep in repair and proper working\norder' },
    { n: 2, quote: 'It’s urgent' }
  ])
})

t.test('marks, dashes, ligatures and spaces may differ', async (t) => {
  t.equal(
    checkedIn('“the fitter comes at once - day  or night” [2]', 9).quotes[0]?.quote,
    'the ﬁtter comes at once – day or night'
  )
  t.equal(
    checkedIn('“installations for "space heating" and” [1]', 9).quotes[0]?.quote,
    'installations for “space heating” and'
  )
  t.equal(
    checkedText('„three working days“ [2], «three working days» [2]'),
    '„three working days“ [2], «three working days» [2]'
  )
})

t.test('what is not stored so loses its quote marks', async (t) => {
  t.equal(checkedText('He "shall not keep" [1] “cats”, «or dogs».'), 'He shall not keep [1] cats, or dogs.')
  t.equal(checkedText('Not "hree working day" either, nor "'), 'Not hree working day either, nor "')
  t.equal(checkedText('“three working days of'), 'three working days of')
})

t.test('inches and the like are no quotes', async (t) => {
  t.equal(checkedText('A 5" pipe, a 6" pipe.'), 'A 5" pipe, a 6" pipe.')
})

t.test('a quote without its citation, or with another one, gets its own', async (t) => {
  t.equal(checkedText('“three working days” it says.'), '“three working days” [2] it says.')
  t.equal(checkedText('“three working days” [1].'), '“three working days” [2] [1].')
})

t.test('a full stop inside a quote that is none in the text goes behind it', async (t) => {
  t.equal(checkedText('“Report within three working days.” [2]'), '“report within three working days”. [2]')
})

t.test('what is quoted cannot become Markdown', async (t) => {
  const [source] = passages('Read *this* [2] <b>now</b> and [that](https://evil.example).')
  const checked = checking(source ? [source] : [])
  const pieces = [...checked.next('“this* [2] <b>now</b> and [that](https://evil.example)” [1] '), ...checked.end()]
  t.equal(pieces[0]?.text, '“this\\* \\[2] \\<b>now\\</b> and \\[that](https://evil.example)”')
})

t.test('it does not matter in what bits an answer comes', async (t) => {
  const scraps = [
    '"',
    '“',
    '”',
    '„',
    '«',
    '»',
    '[1]',
    '[9]',
    '[',
    '1',
    ']',
    '[1, 9]',
    '[1-3]',
    ' ',
    '\n',
    '\n\n',
    '`',
    '```',
    '.',
    ','
  ]
  const words = [
    'keep in repair',
    'proper working',
    'order',
    "It's urgent.",
    'x',
    '(https://a.example)',
    '\\',
    '【2†s】',
    '^',
    '*'
  ]
  const text = fc.array(fc.constantFrom(...scraps, ...words), { maxLength: 25 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 6 }), (written, size) => {
      const whole = checkedIn(written, 1e9)
      t.same(checkedIn(written, size), whole, { diagnostic: false })
      return whole.quotes.every(({ n, quote }) => papers[n - 1]?.text.includes(quote))
    }),
    { numRuns: 1500 }
  )
})

t.test('what was shown is never taken back', async (t) => {
  const answer = 'It is [1] “three working days” [2], [9] "no" and `code[9]` 【1】.'
  const checked = checking(papers)
  let shown = ''
  for (const character of answer) for (const { text } of checked.next(character)) shown += text
  for (const { text } of checked.end()) shown += text
  t.equal(shown, 'It is [1] “three working days” [2], no and `code[9]` [1].')
})
