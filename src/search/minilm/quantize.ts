export type Quantized = { values: Int8Array; scales: Float32Array; inputs: number; outputs: number }

/**
 * Seven bits and a sign bit would be more exact, but two products of eight bits overflow the sixteen that processors
 * without VNNI add them up in.
 */
const largest = 63

/** A layer's weights as small whole numbers, each output with a scale of its own, turned so that an input is a row. */
export function quantize(weights: Float16Array, inputs: number): Quantized {
  const outputs = weights.length / inputs
  const values = new Int8Array(weights.length)
  const scales = new Float32Array(outputs)
  for (let output = 0; output < outputs; output += 1) {
    const from = output * inputs
    let most = 1e-9
    for (let input = 0; input < inputs; input += 1) most = Math.max(most, Math.abs(weights[from + input] as number))
    const scale = most / largest
    scales[output] = scale
    for (let input = 0; input < inputs; input += 1) {
      values[input * outputs + output] = Math.round((weights[from + input] as number) / scale)
    }
  }
  return { values, scales, inputs, outputs }
}

/** Layers that read the same inputs, side by side as one. */
export function sideBySide(layers: Float16Array[]): Float16Array {
  const whole = new Float16Array(layers.reduce((sum, layer) => sum + layer.length, 0))
  let at = 0
  for (const layer of layers) {
    whole.set(layer, at)
    at += layer.length
  }
  return whole
}
