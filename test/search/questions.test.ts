import fc from 'fast-check'
import t from 'tap'
import { wordsAsked, wordsOf } from '../../src/search/indexes/words.ts'
import { passage, startIndexes, towards } from '../support/index.ts'

const documents = {
  english: 'The quick brown fox said: don’t jump, C++ isn’t a dog (yet). To be or not to be.',
  german: 'Die Straße nach Zürich ist fünf Kilometer lang; die Gebühr beträgt 3,50 €.',
  japanese: '東京都庁は新宿にある。猫が好きです。コーヒーを飲む',
  chinese: '我们明天去北京大学图书馆看书',
  korean: '서울특별시는 대한민국의 수도이다',
  thai: 'กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย',
  hindi: 'दिल्ली भारत की राजधानी है',
  arabic: 'القاهرة هي عاصمة مصر',
  russian: 'Москва является столицей России',
  ligature: 'The oﬃce is ﬁne, ＦＵＬＬ width',
  emoji: 'Happy 🎂 birthday 👩‍👩‍👧',
  numbers: 'Invoice 2024-0815 of 12.5 percent, IBAN DE89 3704'
}
const add = Object.entries(documents).map(([name, text]) => passage(name, text, { vector: towards(1, text.length) }))

t.test('a question in any script finds what is written in it', async (t) => {
  const { indexes } = startIndexes(t)
  await indexes.apply('all', { revision: 1, embedder: 'e', add })
  const cases: [question: string, document: string][] = [
    ['"don\'t jump"', 'english'],
    ['to be or not to be', 'english'],
    ['STRASSE zurich', 'german'],
    ['Zürich', 'german'],
    ['gebuhr', 'german'],
    ['東京', 'japanese'],
    ['都庁はどこにありますか', 'japanese'],
    ['猫', 'japanese'],
    ['コーヒー', 'japanese'],
    ['北京大学', 'chinese'],
    ['图书馆在哪里？', 'chinese'],
    ['서울', 'korean'],
    ['수도', 'korean'],
    ['เมืองหลวง', 'thai'],
    ['राजधानी', 'hindi'],
    ['عاصمة', 'arabic'],
    ['МОСКВА', 'russian'],
    ['office fine', 'ligature'],
    ['full', 'ligature'],
    ['birthday 🎂', 'emoji'],
    ['0815', 'numbers'],
    ['DE89', 'numbers']
  ]
  for (const [question, document] of cases) {
    const { hits } = await indexes.search('all', { question, limit: 1 })
    t.equal(hits[0]?.document, document, question)
  }
})

t.test('no question is too strange to be asked', async (t) => {
  const { indexes } = startIndexes(t)
  await indexes.apply('all', { revision: 1, embedder: 'e', add })
  const ask = (question: string) => indexes.search('all', { question, vector: towards(1, 2), limit: 5 })
  const strange = [
    '',
    ' ',
    '"',
    '""',
    "'; drop table passages; --",
    'NEAR(fox dog, 2)',
    'text:fox',
    'fox AND',
    'NOT',
    'fox*',
    '^fox',
    '-fox',
    '{text} : fox',
    '(((((',
    'fox\u0000dog',
    '\u0000',
    '\ud800 fox',
    '👩‍👩‍👧'.repeat(500),
    '%_\\',
    'fox '.repeat(2500),
    'x'.repeat(10_000),
    '漢'.repeat(10_000),
    '\u0301'.repeat(5000),
    Array.from({ length: 3000 }, (_, at) => `w${at}`).join(' ')
  ]
  for (const question of strange) t.equal((await ask(question)).revision, 1, JSON.stringify(question.slice(0, 30)))
  for (const question of ['fox\u0000dog', '\ud800 fox', 'text:fox', 'NEAR(fox dog, 2)', `${'x '.repeat(3000)}fox`]) {
    t.match(await ask(question), { hits: [{ document: 'english' }] }, JSON.stringify(question.slice(0, 30)))
  }
  t.equal((await ask('')).hits.length, 5, 'the meaning alone, where there are no words')
  t.same((await indexes.search('all', { question: '!?', limit: 5 })).hits, [])

  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary', maxLength: 300 }),
      async (question) => (await ask(question)).revision === 1
    ),
    { numRuns: 200 }
  )
})

t.test('any text can be indexed, and is found by each of its words', async (t) => {
  const { indexes } = startIndexes(t)
  let revision = 0
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
      revision += 1
      await indexes.apply('any', { revision, remove: ['d'], add: [passage('d', text)] })
      const words = text.normalize('NFKC').split(/[^\p{L}\p{M}\p{N}]+/u)
      const word = words.find((word) => /^[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}]+$/u.test(word)) ?? ''
      const { hits } = await indexes.search('any', { question: word, limit: 1 })
      return hits.length === 1 || word === ''
    }),
    { numRuns: 60 }
  )
})

t.test('words that say nothing are left out, unless there are no others', async (t) => {
  t.same(wordsAsked('What is the deposit?').words, ['deposit'])
  t.same(wordsAsked('to be or not to be').words, ['to', 'be', 'or', 'not', 'to', 'be'])
  t.same(wordsAsked('dog, dog; DOG').words, ['dog', 'dog', 'dog'], 'what is said again counts again')
  t.same(wordsAsked('the 猫'), { words: [], beginnings: ['猫'] })
  t.same(wordsOf('東京都 x2'), ['東京', '京都', '都', 'x2'])
  const many = Array.from({ length: 5000 }, (_, at) => `w${at % 1000}`).join(' ')
  t.equal(new Set(wordsAsked(many).words).size, 300)
})
