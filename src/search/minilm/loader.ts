import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { Reply } from '../thread.ts'
import { miniLm, mostTokens, width } from './graph.ts'
import { openWeights, type Weights } from './weights.ts'
import { readVocabulary } from './word-pieces.ts'

const sha256 = '6638f625a0a60bdaa1e34c5fee0a17c705f13b98b43a7973e9d366106a55273d'

/** What all threads that embed have in common: the graph, and the tables of words and of their places in a text. */
export type Tables = { graph: SharedArrayBuffer; words: SharedArrayBuffer; places: SharedArrayBuffer }
export type Model = { tables: Tables; vocabulary: string }

/** What does not depend on the word: where in the text it stands, and that it is the only text. */
function placesOf(weights: Weights): Float32Array {
  const type = weights.floats('embeddings.token_type_embeddings.weight')
  const places = weights.floats('embeddings.position_embeddings.weight').slice(0, mostTokens * width)
  return places.map((value, at) => value + (type[at % width] as number))
}

function shared(values: Float32Array): SharedArrayBuffer {
  const copy = new SharedArrayBuffer(values.byteLength)
  new Float32Array(copy).set(values)
  return copy
}

async function load(folder: string): Promise<Model> {
  const weights = openWeights(join(folder, 'model.fp16.safetensors'), sha256)
  const tables = {
    graph: miniLm(weights),
    words: weights.half('embeddings.word_embeddings.weight'),
    places: shared(placesOf(weights))
  }
  weights.close()
  return { tables, vocabulary: await readVocabulary(join(folder, 'tokenizer.json')) }
}

// Loading takes more memory than is needed afterwards: it is given back when this thread ends.
parentPort?.on('message', async ({ id }: { id: number }) => {
  const reply: Reply = await load(workerData.given as string).then(
    (result) => ({ id, result }),
    (error: Error) => ({ id, error: error.message })
  )
  parentPort?.postMessage(reply)
})
