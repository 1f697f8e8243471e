import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Entry, Found } from '../../src/search/indexes.ts'
import { passage, startIndexes, towards } from '../support/index.ts'

const names = ({ hits }: Found) => hits.map(({ passage }) => passage)

const lease: [Entry, Entry] = [
  passage('lease', 'The tenant pays a deposit of three months.', { at: 0, title: 'Lease' }),
  passage('lease', 'Dogs and cats are allowed if the neighbours agree.', { at: 1, title: 'Lease', section: 'Pets' })
]
const letter = passage('letter', 'Dear Ann, the dog next door kept me awake. Yours, Zoë', { title: 'A letter' })

t.test('an index that was never written is empty, and asking does not make it', async (t) => {
  const { indexes, folder } = startIndexes(t)
  const empty = { revision: 0, passages: 0, documents: 0, vectors: 0 }
  t.same(await indexes.state('flat'), empty)
  t.same(await indexes.search('flat', { question: 'deposit', limit: 10 }), { revision: 0, hits: [] })
  t.same(await indexes.list(), [])
  t.same(readdirSync(folder), [])
})

t.test('words are found in every form, with or without accents, in titles and headings too', async (t) => {
  const { indexes } = startIndexes(t)
  await indexes.apply('flat', { revision: 3, add: [...lease, letter] })
  t.same(await indexes.state('flat'), { revision: 3, passages: 3, documents: 2, vectors: 0 })
  t.same(await indexes.list(), ['flat'])

  const found = async (question: string) => names(await indexes.search('flat', { question, limit: 10 }))
  t.same(await found('who PAID the deposits?'), ['lease#0'])
  t.same(await found('zoe'), ['letter#0'])
  t.same(await found('ZOË'), ['letter#0'])
  t.same(await found('pet'), ['lease#1'])
  t.same((await found('dogs')).sort(), ['lease#1', 'letter#0'])
  t.same(await found('submarine'), [])
  t.match(await indexes.search('flat', { question: 'deposit', limit: 10 }), {
    revision: 3,
    hits: [{ passage: 'lease#0', document: 'lease', score: 1, lexical: { rank: 1, score: Number } }]
  })
})

t.test(
  'a rare word counts more than a common one, one said twice more than once, a title more than the text',
  async (t) => {
    const { indexes } = startIndexes(t)
    const common = Array.from({ length: 20 }, (_, at) => passage('rain', `It rained again on day ${at}`, { at }))
    await indexes.apply('diary', {
      revision: 1,
      add: [
        ...common,
        passage('snow', 'Once it was snow that fell here'),
        passage('hail', 'The hail that fell here fell hard'),
        passage('frost', 'Nothing to tell of that night at all', { title: 'Frost' }),
        passage('night', 'There was frost to tell of at night', { title: 'Night' })
      ]
    })
    const first = async (question: string) => names(await indexes.search('diary', { question, limit: 1 }))[0]
    t.equal(await first('rain or snow'), 'snow#0')
    t.equal(await first('snow hail hail'), 'hail#0')
    t.equal(await first('frost'), 'frost#0')
  }
)

t.test('words and meaning count half each, and every hit says its place by either', async (t) => {
  const { indexes } = startIndexes(t)
  const add = [
    passage('both', 'a dog barks', { vector: towards(1, 0.1) }),
    passage('words', 'a dog sleeps on and on and on', { vector: towards(-1, 1) }),
    passage('meaning', 'a hound is loud', { vector: towards(1, 0) }),
    passage('neither', 'something else', { vector: towards(-1, 0) })
  ]
  await indexes.apply('dogs', { revision: 1, embedder: 'two', add })
  const ask = { question: 'dog', vector: towards(1, 0), limit: 10 }
  const { hits } = await indexes.search('dogs', ask)
  t.same(
    hits.map(({ document }) => document),
    ['both', 'meaning', 'words', 'neither']
  )
  t.match(hits[0], { lexical: { rank: 1 }, dense: { rank: 2 } })
  t.match(hits[1], { lexical: undefined, dense: { rank: 1, score: 1 } })
  t.ok(hits.every(({ score }) => score >= 0 && score <= 1))

  const alone = names(await indexes.search('dogs', { question: 'dog', limit: 10 }))
  t.same(alone, ['both#0', 'words#0'], 'words alone without a vector')
  const other = await indexes.search('dogs', { ...ask, embedder: 'another' })
  t.same(names(other), alone, 'words alone with one of another embedder')
  t.same(names(await indexes.search('dogs', { ...ask, embedder: 'two' })).length, 4)
  t.same(names(await indexes.search('dogs', { ...ask, vector: towards(1, 0, 0) })), alone, 'or of another length')
  t.equal((await indexes.search('dogs', { ...ask, limit: 2 })).hits.length, 2)
})

t.test('a document that is removed or changed is found no more as it was', async (t) => {
  const { indexes } = startIndexes(t)
  const found = async (question: string) => names(await indexes.search('flat', { question, limit: 10 }))
  await indexes.apply('flat', { revision: 1, add: [...lease, letter] })
  t.equal((await found('dog')).length, 2)

  await indexes.apply('flat', { revision: 2, remove: ['letter'] })
  t.same(await found('dog'), ['lease#1'])
  t.match(await indexes.state('flat'), { revision: 2, passages: 2, documents: 1 })

  const changed = passage('lease', 'No animals at all.', { at: 1, title: 'Lease' })
  await indexes.apply('flat', { revision: 3, remove: ['lease'], add: [lease[0], changed] })
  t.same(await found('dog'), [])
  t.same(await found('animals'), ['lease#1'])
  t.same(await found('deposit'), ['lease#0'])
  t.match(await indexes.state('flat'), { revision: 3, passages: 2, documents: 1 })

  await indexes.apply('flat', { revision: 4, remove: ['lease', 'nobody'] })
  t.match(await indexes.state('flat'), { revision: 4, passages: 0, documents: 0 })
  t.same(await found('deposit'), [])
})

t.test('a change that comes again changes nothing', async (t) => {
  const { indexes } = startIndexes(t)
  const vector = towards(1, 2, 3)
  await indexes.apply('flat', { revision: 1, add: [letter] })
  const change = {
    revision: 2,
    embedder: 'three',
    remove: ['letter', 'lease'],
    add: lease.map((entry) => ({ ...entry, vector }))
  }
  const ask = { question: 'deposit dogs', vector, limit: 10 }
  await indexes.apply('flat', change)
  const [state, found] = [await indexes.state('flat'), await indexes.search('flat', ask)]
  t.same(state, { revision: 2, embedder: 'three', passages: 2, documents: 1, vectors: 2 })
  await indexes.apply('flat', change)
  await indexes.apply('flat', { ...change, revision: 1 })
  t.same(await indexes.state('flat'), state)
  t.same(await indexes.search('flat', ask), found)
})

t.test('what is added between searches is found by the next, by words and by meaning', async (t) => {
  const { indexes } = startIndexes(t, { exactUpTo: 30 })
  for (let at = 0; at < 60; at += 1) {
    const angle = (at / 60) * Math.PI
    const vector = towards(Math.cos(angle), Math.sin(angle), 0.2)
    await indexes.apply('log', {
      revision: at + 1,
      embedder: 'e',
      add: [passage(`day${at}`, `entry number${at}`, { vector })]
    })
    const { revision, hits } = await indexes.search('log', { question: `number${at}`, vector, limit: 3 })
    t.equal(revision, at + 1)
    t.match(hits[0], { document: `day${at}`, lexical: { rank: 1 }, dense: { score: Number } })
    t.ok((hits[0]?.dense?.score ?? 0) > 0.9999, 'its own vector')
  }
})

t.test('comparing signs first finds what comparing all finds', async (t) => {
  const vectors = Array.from({ length: 600 }, (_, at) =>
    towards(...Array.from({ length: 50 }, (_, number) => Math.sin(at * 12.9898 + number * 78.233 + (at % 7))))
  )
  const add = vectors.map((vector, at) => passage(`d${at}`, 'x', { vector }))
  const [all, signs] = [startIndexes(t).indexes, startIndexes(t, { exactUpTo: 0 }).indexes]
  for (const indexes of [all, signs]) await indexes.apply('many', { revision: 1, embedder: 'e', add })
  for (const vector of vectors.slice(0, 20)) {
    const ask = { question: '', vector, limit: 10 }
    t.same(names(await signs.search('many', ask)), names(await all.search('many', ask)))
  }
})

const texts = ['the deposit is paid', 'dogs and cats', 'a dog pays no deposit', 'nothing']
const change = fc.record({
  remove: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
  add: fc.uniqueArray(
    fc.record({
      document: fc.constantFrom('a', 'b', 'c'),
      at: fc.nat(2),
      text: fc.constantFrom(...texts),
      angle: fc.option(fc.constantFrom(0, 0.5, 1, 1.5), { nil: undefined })
    }),
    { maxLength: 5, selector: ({ document, at }) => `${document}#${at}` }
  )
})

t.test('however an index came to be, it finds the same as one written at once', async (t) => {
  const { indexes } = startIndexes(t, { exactUpTo: 4 })
  const scores = async (index: string) => {
    const { hits } = await indexes.search(index, { question: 'dog deposit', vector: towards(1, 0.2), limit: 100 })
    return Object.fromEntries(
      hits.map(({ passage, score, lexical, dense }) => [passage, [score, lexical, dense?.score]])
    )
  }
  let round = 0
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      round += 1
      const whole = new Map<string, Entry>()
      for (const [at, { remove, add }] of changes.entries()) {
        const entries = add.map(({ document, at, text, angle }) =>
          passage(document, text, { at, ...(angle !== undefined && { vector: towards(1, angle) }) })
        )
        await indexes.apply(`grown${round}`, { revision: at + 1, embedder: 'e', remove, add: entries })
        const before = new Map(whole)
        for (const [name, { document }] of before) if ((remove as string[]).includes(document)) whole.delete(name)
        for (const entry of entries) {
          const known = before.get(entry.passage)
          const vector = entry.vector ?? (known?.text === entry.text ? known.vector : undefined)
          whole.set(entry.passage, { ...entry, ...(vector && { vector }) })
        }
        const made = `made${round}-${at}`
        await indexes.apply(made, { revision: at + 1, embedder: 'e', add: [...whole.values()] })
        t.same(await scores(`grown${round}`), await scores(made))
        t.same(await indexes.state(`grown${round}`), await indexes.state(made))
      }
    }),
    { numRuns: 60 }
  )
})

t.test('a search may be narrowed to some documents', async (t) => {
  const { indexes } = startIndexes(t)
  const add = [...lease, letter].map((entry, at) => ({ ...entry, vector: towards(1, at) }))
  await indexes.apply('flat', { revision: 1, embedder: 'two', add })
  const within = async (...documents: string[]) =>
    names(await indexes.search('flat', { question: 'dog', vector: towards(1, 0), limit: 10, documents }))
  t.same(await within('letter'), ['letter#0'])
  t.same((await within('lease', 'nobody')).sort(), ['lease#0', 'lease#1'])
  t.same(await within('nobody'), [])
  t.same(await within(), [])
})

t.test('another embedder takes the place of the first; words are found meanwhile', async (t) => {
  const { indexes } = startIndexes(t)
  await indexes.apply('flat', {
    revision: 1,
    embedder: 'two',
    add: lease.map((e) => ({ ...e, vector: towards(1, 0) }))
  })
  await indexes.apply('flat', {
    revision: 2,
    embedder: 'three',
    add: [{ ...lease[0], vector: towards(1, 0, 0) }]
  })
  t.match(await indexes.state('flat'), { embedder: 'three', passages: 2, vectors: 1 })
  const ask = { question: 'dogs', vector: towards(1, 0, 0), limit: 10 }
  t.same(names(await indexes.search('flat', ask)).sort(), ['lease#0', 'lease#1'])
  await indexes.apply('flat', { revision: 3, add: [{ ...lease[1], vector: towards(0, 1, 0) }] })
  t.match(await indexes.state('flat'), { embedder: 'three', passages: 2, vectors: 2 })
})

t.test('another embedder may also come when there are no vectors left of the first', async (t) => {
  const { indexes } = startIndexes(t)
  const ask = (...vector: number[]) => indexes.search('flat', { question: '', vector: towards(...vector), limit: 5 })
  await indexes.apply('flat', { revision: 1, embedder: 'two', add: [passage('a', 'one', { vector: towards(1, 0) })] })
  t.equal((await ask(1, 0)).hits.length, 1)
  await indexes.apply('flat', { revision: 2, remove: ['a'] })
  t.same(await ask(1, 0), { revision: 2, hits: [] })
  const vector = towards(0, 0, 1)
  await indexes.apply('flat', { revision: 3, embedder: 'three', add: [passage('b', 'two', { vector })] })
  t.match(await ask(0, 0, 1), { hits: [{ document: 'b', dense: { score: 1 } }] })
})

t.test('changes of one index are made in the order they come, however large', async (t) => {
  const { indexes } = startIndexes(t)
  const add = Array.from({ length: 1500 }, (_, at) => passage('long', `page ${at}`, { at }))
  await Promise.all([
    indexes.apply('flat', { revision: 1, add }),
    indexes.apply('flat', { revision: 2, remove: ['long'] }),
    indexes.apply('flat', { revision: 3, add: add.slice(0, 700) }),
    indexes.apply('other', { revision: 1, add: lease })
  ])
  t.match(await indexes.state('flat'), { revision: 3, passages: 700 })
  t.match(await indexes.state('other'), { revision: 1, passages: 2 })
})

t.test('a change that cannot be made leaves nothing behind', async (t) => {
  const { indexes } = startIndexes(t)
  await t.rejects(
    indexes.apply('flat', { revision: 1, add: [passage('a', 'text', { vector: towards(1) })] }),
    /name of the embedder/
  )
  await indexes.apply('flat', { revision: 1, embedder: 'two', add: [passage('a', 'one', { vector: towards(1, 0) })] })
  const torn = {
    revision: 2,
    remove: ['a'],
    add: [passage('b', 'two'), passage('c', 'three', { vector: towards(1, 0, 0) })]
  }
  await t.rejects(indexes.apply('flat', torn), /3 numbers instead of 2/)
  t.match(await indexes.state('flat'), { revision: 1, passages: 1, documents: 1, vectors: 1 })
  t.same(names(await indexes.search('flat', { question: 'one two', limit: 10 })), ['a#0'])
})

t.test('indexes know nothing of each other, however few of them stay open', async (t) => {
  const { indexes } = startIndexes(t, { open: 1, bytes: 1, readers: 2 })
  const people = ['ann', 'bob', 'cleo', 'dora', 'emil', 'fay']
  for (const name of people) {
    await indexes.apply(name, {
      revision: 1,
      embedder: 'e',
      add: [passage(name, `canary ${name}`, { vector: towards(1) })]
    })
  }
  t.same(await indexes.list(), people)
  for (const name of [...people, ...people]) {
    const question = `canary ${people.join(' ')}`
    t.same(names(await indexes.search(name, { question, vector: towards(1), limit: 10 })), [`${name}#0`])
  }
})

t.test('a dropped index is gone with its files; the others stay', async (t) => {
  const { indexes, folder } = startIndexes(t)
  for (const name of ['ann', 'bob']) await indexes.apply(name, { revision: 5, add: [passage(name, 'canary')] })
  await indexes.search('ann', { question: 'canary', limit: 1 })
  await indexes.drop('ann')
  await indexes.drop('nobody')
  t.same(await indexes.list(), ['bob'])
  t.notOk(readdirSync(folder).some((file) => file.startsWith('ann')))
  t.match(await indexes.state('ann'), { revision: 0, passages: 0 })
  t.same((await indexes.search('ann', { question: 'canary', limit: 1 })).hits, [])
  t.equal((await indexes.search('bob', { question: 'canary', limit: 1 })).hits.length, 1)
  await indexes.apply('ann', { revision: 1, add: [passage('new', 'canary')] })
  t.same(names(await indexes.search('ann', { question: 'canary', limit: 1 })), ['new#0'])
})

t.test('an index is never a path', async (t) => {
  const { indexes } = startIndexes(t)
  for (const name of ['', '.', '..', '../up', 'a/b', 'a\\b', 'a.b', '-a', 'a\u0000', 'x'.repeat(101)]) {
    await t.rejects(indexes.state(name), /letters, digits/)
    await t.rejects(indexes.apply(name, { revision: 1 }), /letters, digits/)
    await t.rejects(indexes.drop(name), /letters, digits/)
  }
})

t.test('what was removed is nowhere in the files any more', async (t) => {
  const { indexes, folder } = startIndexes(t)
  const bytes = () =>
    readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'latin1'))
      .join('\n')
  const others = Array.from({ length: 300 }, (_, at) =>
    passage('other', `ordinary words ${at} and more of them`, { at })
  )
  await indexes.apply('flat', { revision: 1, add: others })
  const secrets = Array.from({ length: 40 }, (_, at) =>
    passage('secretdocument', `Lorem xylophonecanary ${at} 東京都庁`, {
      at,
      title: 'Quetzalcanary',
      section: 'Zephyrcanary'
    })
  )
  await indexes.apply('flat', {
    revision: 2,
    embedder: 'e',
    add: secrets.map((e) => ({ ...e, vector: towards(3, 1, 4) }))
  })
  const vector = Buffer.from(towards(3, 1, 4).buffer).toString('latin1')
  const traces = ['canari', 'secretdocument', vector, Buffer.from('東京').toString('latin1')]
  for (const trace of traces) t.ok(bytes().includes(trace), 'it was there')

  await indexes.search('flat', { question: 'xylophonecanary', limit: 1 })
  await indexes.apply('flat', { revision: 3, remove: ['secretdocument'] })
  for (const trace of traces) t.notOk(bytes().includes(trace), 'it is gone')
  t.equal((await indexes.search('flat', { question: 'ordinary', limit: 5 })).hits.length, 5)

  await indexes.apply('flat', { revision: 4, add: [passage('other', 'xylophonecanary', { at: 7 })] })
  await indexes.apply('flat', { revision: 5, add: [passage('other', 'corrected', { at: 7 })] })
  t.notOk(bytes().includes('canari'), 'a passage that was changed leaves nothing either')
})

t.test('searches go on while an index is written', async (t) => {
  const { indexes } = startIndexes(t)
  await indexes.apply('flat', { revision: 1, add: lease })
  const order: string[] = []
  const add = Array.from({ length: 5000 }, (_, at) => passage('long', `deposit number ${at} of very many`, { at }))
  const writing = indexes.apply('flat', { revision: 2, add }).then(() => order.push('written'))
  for (let round = 0; round < 3; round += 1) {
    const { revision, hits } = await indexes.search('flat', { question: 'deposit', limit: 10 })
    order.push(`found ${hits.length} at ${revision}`)
  }
  await writing
  t.same(order, ['found 1 at 1', 'found 1 at 1', 'found 1 at 1', 'written'])
  t.match(await indexes.search('flat', { question: 'deposit', limit: 10 }), { revision: 2, hits: { length: 10 } })
})
