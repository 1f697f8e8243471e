import { parentPort, workerData } from 'node:worker_threads'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { unit } from '../embedder.ts'
import { stepBack } from '../step-back.ts'
import type { Reply } from '../thread.ts'
import { mostTokens, width } from './graph.ts'
import type { Tables } from './loader.ts'

export type Given = { tables: Tables; threads: number; polite: boolean }
type Asked = { id: number; tokens: number[] }

const { tables, threads, polite } = workerData.given as Given

if (polite) stepBack()

const words = new Float16Array(tables.words)
const places = new Float32Array(tables.places)
const values = new Float32Array(mostTokens * width)
const shares = new Float32Array(mostTokens)
const graph = new Uint8Array(tables.graph).slice()
const session = await InferenceSession.create(graph, {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  enableCpuMemArena: false,
  enableMemPattern: false,
  extra: { session: { intra_op: { allow_spinning: '0' } } }
})
// The session has a copy of its own.
graph.buffer.transfer(0)

async function embed(tokens: number[]): Promise<Float32Array> {
  const count = tokens.length
  let at = 0
  for (const token of tokens) {
    const from = token * width
    for (let value = 0; value < width; value += 1, at += 1) {
      values[at] = (words[from + value] as number) + (places[at] as number)
    }
  }
  const outputs = await session.run({
    embedded: new Tensor('float32', values.subarray(0, at), [1, count, width]),
    share: new Tensor('float32', shares.fill(1 / count).subarray(0, count), [1, 1, count])
  })
  return unit(outputs[session.outputNames[0] as string]?.data as Float32Array)
}

let last: Promise<unknown> = Promise.resolve()

/** One text after the other, for they share their tables. */
parentPort?.on('message', ({ id, tokens }: Asked) => {
  last = last
    .then(() => embed(tokens))
    .then(
      (result): Reply => ({ id, result }),
      (error: Error): Reply => ({ id, error: error.message })
    )
    .then((reply) => parentPort?.postMessage(reply))
})
