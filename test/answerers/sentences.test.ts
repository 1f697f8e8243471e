import fc from 'fast-check'
import t from 'tap'
import { sentencesIn } from '../../src/answerers/sentences.ts'

const cutsOf = (text: string) => sentencesIn(text).map(({ start, end }) => text.slice(start, end))

t.test('a text is cut into its sentences', async (t) => {
  t.same(cutsOf('The landlord pays. Who else? "Nobody!" So it is.'), [
    'The landlord pays.',
    'Who else?',
    '"Nobody!"',
    'So it is.'
  ])
})

t.test('abbreviations, initials, numbers and dates do not end one', async (t) => {
  for (const sentence of [
    'Ask Mr. Baker or Dr. A. B. Cole, e.g. by letter.',
    'It costs 1.200 € or 3.5 % of it.',
    'Der Vertrag endet am 14. März 2028, z.B. nach Abs. 2 durch Kündigung.',
    'See fig. 3 and vol. 2 of it.'
  ])
    t.same(cutsOf(`${sentence} Then more.`), [sentence, 'Then more.'])
})

t.test('a line that the page was too narrow for goes on', async (t) => {
  const wrapped = 'The Landlord shall keep in repair and proper working\norder the installations for space heating.'
  t.same(cutsOf(wrapped), [wrapped])
})

t.test('paragraphs, list items and rows are apart, without their bullets', async (t) => {
  t.same(cutsOf('Repairs\n\n- Boiler: landlord\n• Windows: tenant\n\nGarden\tshared\nCellar\tnobody'), [
    'Repairs',
    'Boiler: landlord',
    'Windows: tenant',
    'Garden\tshared',
    'Cellar\tnobody'
  ])
})

t.test('other scripts have other full stops', async (t) => {
  t.same(cutsOf('房东负责维修。租户报告故障。'), ['房东负责维修。', '租户报告故障。'])
  t.same(cutsOf('वह आया। वह गया।'), ['वह आया।', 'वह गया।'])
  t.same(cutsOf('هل يدفع المالك؟ نعم.'), ['هل يدفع المالك؟', 'نعم.'])
})

t.test('what is too long is cut where it does least harm', async (t) => {
  const clause = 'the tenant shall keep this and that in good order and repair at all times'
  const cuts = cutsOf(`${Array.from({ length: 12 }, () => clause).join('; ')}.`)
  t.ok(cuts.length > 2)
  for (const cut of cuts) t.match(cut, /^the tenant .* times[;.]$/)
})

t.test('whatever the text, cuts follow one another, and no word is lost', async () => {
  const scraps = fc.constantFrom(
    '. ',
    '。',
    '\n',
    '\n\n',
    ' ',
    '- ',
    '1. ',
    'Mr. ',
    'a',
    'B',
    '🙂',
    '漢',
    '?',
    ';',
    ',',
    '"'
  )
  const text = fc.oneof(
    fc.array(scraps, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.constantFrom('🙂', '漢', 'ab ', 'x').map((unit) => unit.repeat(2000))
  )
  fc.assert(
    fc.property(text, (written) => {
      const spans = sentencesIn(written)
      const inOrder = spans.every(({ start, end }, place) => start < end && start >= (spans[place - 1]?.end ?? 0))
      const letters = (some: string) => some.replace(/[^\p{L}]/gu, '')
      const kept = letters(spans.map(({ start, end }) => written.slice(start, end)).join(''))
      return (
        inOrder &&
        kept === letters(written) &&
        spans.every(({ start, end }) => written.slice(start, end).isWellFormed())
      )
    }),
    { numRuns: 1000 }
  )
})
