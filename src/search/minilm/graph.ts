import { Graph } from './onnx.ts'
import { quantize, sideBySide } from './quantize.ts'
import type { Weights } from './weights.ts'

export const width = 384
export const mostTokens = 256
const layers = 6
const heads = 12
const epsilon = { epsilon: { float: 1e-12 } }

/**
 * all-MiniLM-L6-v2 as a graph for onnxruntime: from the sum of each token's embeddings, to the mean of what six layers
 * make of them. The matrices are multiplied as whole numbers, everything between them as floats.
 */
export function miniLm(weights: Weights): SharedArrayBuffer {
  const graph = new Graph()
  const half = (name: string) => new Float16Array(weights.half(name))
  const floats = (values: Float32Array) => graph.constant({ type: 'float', dims: [values.length], values })
  const vector = (values: Float16Array) => floats(Float32Array.from(values))
  const zero = graph.constant({ type: 'int8', dims: [], values: new Int8Array(1) })

  function matrix(values: Float16Array, inputs: number) {
    const layer = quantize(values, inputs)
    const dims = [layer.inputs, layer.outputs]
    return { weights: graph.constant({ type: 'int8', dims, values: layer.values }), scales: floats(layer.scales) }
  }

  function dense(input: string, name: string, inputs: number): string {
    const { weights, scales } = matrix(half(`${name}.weight`), inputs)
    return graph.apply('DynamicQuantizeMatMul', [input, weights, scales])[0] as string
  }

  function attention(input: string, name: string): string {
    const parts = ['query', 'key', 'value'].map((part) => `${name}.self.${part}`)
    const { weights, scales } = matrix(sideBySide(parts.map((part) => half(`${part}.weight`))), width)
    const bias = vector(sideBySide(parts.map((part) => half(`${part}.bias`))))
    const [whole, scale, middle] = graph.apply('DynamicQuantizeLinear', [input], { outputs: 3, standard: true })
    const inputs = [whole, weights, bias, scale, scales, '', middle, zero] as string[]
    return graph.apply('QAttention', inputs, { attributes: { num_heads: { int: heads } } })[0] as string
  }

  function added(input: string, name: string, to: string): string {
    const [gamma, beta] = [vector(half(`${name}.LayerNorm.weight`)), vector(half(`${name}.LayerNorm.bias`))]
    const bias = vector(half(`${name}.dense.bias`))
    return graph.apply('SkipLayerNormalization', [input, to, gamma, beta, bias], { attributes: epsilon })[0] as string
  }

  const embedded = graph.input('embedded', [1, 'tokens', width])
  const share = graph.input('share', [1, 1, 'tokens'])
  const norm = (part: string) => vector(half(`embeddings.LayerNorm.${part}`))
  let hidden = graph.apply('LayerNormalization', [embedded, norm('weight'), norm('bias')], {
    attributes: epsilon,
    standard: true
  })[0] as string
  for (let layer = 0; layer < layers; layer += 1) {
    const name = `encoder.layer.${layer}`
    const attended = dense(attention(hidden, `${name}.attention`), `${name}.attention.output.dense`, width)
    const middle = added(attended, `${name}.attention.output`, hidden)
    const wide = dense(middle, `${name}.intermediate.dense`, width)
    const [active] = graph.apply('BiasGelu', [wide, vector(half(`${name}.intermediate.dense.bias`))])
    hidden = added(dense(active as string, `${name}.output.dense`, width * 4), `${name}.output`, middle)
  }
  const [mean] = graph.apply('MatMul', [share, hidden], { standard: true })
  graph.output(mean as string, [1, 1, width])
  return graph.write()
}
