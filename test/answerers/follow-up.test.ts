import t from 'tap'
import type { Turn } from '../../src/answerers/answerer.ts'
import { borrowed, searchQuery } from '../../src/answerers/follow-up.ts'

const turns: Turn[] = [
  { role: 'reader', text: 'Are dogs allowed in the flat?' },
  { role: 'desk', text: 'From your documents:\n\n“The tenant may keep one with the consent of Mr Baker.” [1]' }
]

t.test('a question that leans on the last turn borrows its words', async (t) => {
  for (const question of [
    'What about cats?',
    'And when was that?',
    'why?',
    'Why not?',
    'Since when?',
    'How many cats?',
    'Cats?',
    'for large ones?',
    'When did he agree?',
    'Does the same apply to birds?',
    'What does that mean?',
    'Who wrote this?',
    'Tell me more',
    'Und Katzen?',
    'Warum?',
    'Wer hat das entschieden?',
    'Et les chats ?',
    '¿Y los gatos?',
    '猫呢？'
  ]) {
    const query = searchQuery(question, turns)
    t.ok(query.startsWith(`${question} `), question)
    for (const word of ['dogs', 'allowed', 'flat', 'Baker']) t.match(query, word, question)
    t.notMatch(query, /From your|\[1|“/, question)
  }
})

t.test('a question that stands alone stays as it is', async (t) => {
  for (const question of [
    'When is the rent due?',
    'Who is Mr Baker?',
    'Who was Rollo?',
    'What is NSFNET',
    'deposit',
    'Is there a garden?',
    'Is it allowed to smoke?',
    'How long does it take to get consent?',
    'What is the deposit and when is it paid back?',
    'How did the Normans treat their enemies?',
    'Which papers mention that the roof leaks?',
    'After 1945, what challenged the French empire?',
    'How much is the rent this year?'
  ])
    t.equal(searchQuery(question, turns), question)
})

t.test('with nothing said before, nothing can be borrowed', async (t) => {
  for (const question of ['why?', 'What about cats?', '', '???', '🙂']) t.equal(searchQuery(question, []), question)
})

t.test('a row of follow-ups goes back to where it began', async (t) => {
  const query = searchQuery('And where?', [
    { role: 'reader', text: 'Who led the Norse?' },
    { role: 'desk', text: 'Their leader was Rollo [1].' },
    { role: 'reader', text: 'When did he die?' },
    { role: 'desk', text: 'It was about 930 [2].' }
  ])
  for (const word of ['die', 'Norse', 'Rollo']) t.match(query, word)
})

t.test('each word is borrowed once, and none that the question has', async (t) => {
  const query = searchQuery('And small dogs?', [...turns, ...turns])
  t.equal(query.match(/dogs/g)?.length, 1)
  t.equal(query.match(/flat/g)?.length, 1)
})

t.test('what is mine is looked up in memory', async (t) => {
  const memories = [
    { id: 'flat', text: 'I rent the flat at 12 Elm Street and paid a deposit.' },
    { id: 'tea', text: 'I like tea.' }
  ]
  t.match(searchQuery('How much is my deposit?', [], memories), /^How much is my deposit\? .*12 Elm Street/)
  t.same(borrowed('How much is my deposit?', [], memories).memories, ['flat'])
  t.same(borrowed('How much is the deposit?', [], memories), { words: [], memories: [] })
  t.same(borrowed('How much is my rent?', [], [{ id: 'tea', text: 'I like tea.' }]), { words: [], memories: [] })
})

t.test('a long conversation makes no long query', async (t) => {
  const many = Array.from({ length: 40 }, () => turns).flat()
  const long: Turn = { role: 'desk', text: 'Anna met Bert in Cork. '.repeat(2000) }
  t.ok(searchQuery('why?', [...many, long]).length < 300)
})
