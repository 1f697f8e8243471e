import fc from 'fast-check'
import t from 'tap'
import type { Block } from '../../src/documents/block.ts'
import { limit } from '../../src/search/cuts.ts'
import { cut } from '../../src/search/passages.ts'
import { sentences } from '../../src/search/sentences.ts'
import { sizeOf } from '../../src/search/size.ts'

const bare = (text: string) => text.replaceAll(/\s+/gu, '')
const all = (blocks: Block[]) => bare(blocks.map(({ text }) => text).join(''))
const said = (count: number, word = 'Rain') =>
  Array.from({ length: count }, (_, at) => `${word} fell here on day ${at}.`).join(' ')

const level = fc.constantFrom(undefined, undefined, undefined, 1, 2, 3, 6)
const word = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'Rain.',
    'the',
    'e.g.',
    '東京都庁。',
    'สวัสดี',
    'नमस्ते।',
    '\n',
    '\n\n',
    '"No!"',
    '👩‍👩‍👧',
    'x'.repeat(2000)
  )
)
const block = fc.record({
  text: fc.array(word, { maxLength: 120 }).map((words) => words.join(' ')),
  heading: level,
  page: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined })
})
const documents = fc.array(block, { maxLength: 25 }) as fc.Arbitrary<Block[]>

t.test('passages are the whole document, in order, nothing lost and nothing twice', async () => {
  fc.assert(
    fc.property(
      documents,
      (blocks) =>
        bare(
          cut(blocks)
            .map(({ text }) => text)
            .join('')
        ) === all(blocks)
    ),
    { numRuns: 150 }
  )
})

t.test('no passage is longer than the model reads, none is empty, and none begins or ends in white space', async () => {
  fc.assert(
    fc.property(documents, (blocks) =>
      cut(blocks).every(({ text }) => sizeOf(text) <= limit + 1 && text !== '' && text.trim() === text)
    ),
    { numRuns: 150 }
  )
})

t.test('every heading is named where it stands, with its level', async () => {
  const headingsIn = (blocks: Block[]) =>
    blocks
      .filter(({ heading }) => heading)
      .flatMap(({ text, heading }) =>
        text.split(/\n\s*\n/u).flatMap((part) => (part.trim() ? [[bare(part), heading]] : []))
      )
  const short = documents.map((blocks) =>
    blocks.map(
      ({ text, heading, ...rest }) => ({ ...rest, heading, text: heading ? text.slice(0, 40) : text }) as Block
    )
  )
  fc.assert(
    fc.property(short, (blocks) => {
      const found = cut(blocks).flatMap(({ text, headings }) => {
        const paragraphs = text.split('\n\n')
        return headings.map(([at, level]) => [bare(paragraphs[at] ?? ''), level])
      })
      const [named, wanted] = [found, headingsIn(blocks)].map((list) => list.map(([name]) => name).join(''))
      return named === wanted
    }),
    { numRuns: 150 }
  )
})

t.test('a section that fits is one passage, under the path of its headings', async (t) => {
  const passages = cut([
    { text: 'Lease', heading: 1 },
    { text: said(20), page: 1 },
    { text: 'Deposit', heading: 2, page: 2 },
    { text: said(20, 'Money') },
    { text: 'Annex', heading: 1 },
    { text: said(20, 'Paper') }
  ])
  t.same(
    passages.map(({ section }) => section),
    ['Lease', 'Lease › Deposit', 'Annex']
  )
  t.match(passages[1], { text: /^Deposit\n\nMoney/, headings: [[0, 2]], page: 2, lead: '' })
})

t.test(
  'short sections share a passage under what is above them all, but a chapter never begins inside one',
  async (t) => {
    const clauses = ['Deposit', 'Pets', 'Keys'].flatMap((name): Block[] => [
      { text: name, heading: 2 },
      { text: `${name} are as agreed between the two of us.` }
    ])
    const passages = cut([
      { text: 'Lease', heading: 1 },
      ...clauses,
      { text: 'Annex', heading: 1 },
      { text: 'Nothing more was agreed.' }
    ])
    t.equal(passages.length, 2)
    t.match(passages[0], {
      section: 'Lease',
      headings: [
        [0, 1],
        [1, 2],
        [3, 2],
        [5, 2]
      ]
    })
    t.match(passages[1], { section: 'Annex', text: 'Annex\n\nNothing more was agreed.' })
  }
)

t.test('a heading is never left behind by what it stands over', async (t) => {
  const blocks = Array.from({ length: 30 }, (_, at): Block[] => [
    { text: `Part ${at}`, heading: 2 },
    { text: said(3 + ((at * 7) % 40)) }
  ]).flat()
  for (const { text, headings } of cut(blocks)) {
    const last = text.split('\n\n').length - 1
    t.notOk(
      headings.some(([at]) => at === last),
      text.slice(-40)
    )
  }
})

t.test('a long section is cut between paragraphs, then between sentences, into parts alike in length', async (t) => {
  const byParagraph = cut([{ text: said(28) }, { text: said(28, 'Snow') }])
  t.same(
    byParagraph.map(({ text }) => text),
    [said(28), said(28, 'Snow')]
  )

  const bySentence = cut([{ text: said(70) }])
  t.ok(bySentence.length > 1)
  for (const { text } of bySentence) t.match(text, /^Rain .*\.$/s)
  const sizes = bySentence.map(({ text }) => sizeOf(text))
  t.ok(Math.min(...sizes) > Math.max(...sizes) * 0.7, sizes.join(' '))
})

t.test('a passage that goes on has the last sentence before it as its lead', async (t) => {
  const [first, second] = cut([{ text: said(70) }])
  t.equal(first?.lead, '')
  t.equal(second?.lead, first?.text.match(/Rain [^.]+\.$/)?.[0])
})

t.test('a line of 100,000 words and a word of 100,000 letters are cut too', async (t) => {
  for (const text of ['word '.repeat(100_000), 'x'.repeat(100_000), '漢'.repeat(100_000), '👍🏽'.repeat(20_000)]) {
    const passages = cut([{ text }])
    t.ok(passages.length > 50)
    t.equal(bare(passages.map(({ text }) => text).join('')), bare(text))
    for (const { text } of passages) if (sizeOf(text) > limit || !text.isWellFormed()) t.fail('too long or torn')
  }
})

t.test('no text, however repetitive, takes long to read', async (t) => {
  for (const text of ['. ', '"', '." ', ' ', '\n \n', 'A. ', '。', '\u0301', '… “', 'e.g. ']) {
    t.ok(cut([{ text: text.repeat(100_000) }]).length >= 0, JSON.stringify(text))
  }
})

t.test('sentences end where a reader would say so', async (t) => {
  const cases = [
    ['Mr. Smith paid 3.50 in St. Ives. |He left! |"Why?" she asked. |It was the U.S. Army.'],
    ['Das ist z.B. gut. |Vgl. Abs. 3. |Ende.'],
    ['これは文です。|次の文！|「はい。」|終わり'],
    ['¿Qué? |¡Sí! |«Oui.» |Il est là. |3 chats.'],
    ['यह है। |वह है।'],
    ['one line\n|another line']
  ] as [string][]
  for (const [text] of cases) t.same(sentences(text.replaceAll('|', '')), text.split('|'))
  t.same(sentences(''), [])
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => sentences(text).join('') === text))
})
