/**
 * Turns texts into vectors of length one. Vectors compare only with those of the same `id`. A question goes before
 * passages that wait.
 */
export type Embedder = {
  id: string
  dimensions: number
  embed(texts: string[], purpose?: 'question' | 'passage'): Promise<Float32Array[]>
  close(): Promise<void>
}

type Described = { title: string; section: string; lead: string; text: string }

/** What a passage is embedded as: it means more under the name of its document and the headings above it. */
export function embeddingText({ title, section, lead, text }: Described): string {
  return [title, section, [lead, text].filter(Boolean).join(' ')].filter(Boolean).join('\n')
}

/** The vector, made one long; a text without anything to it stays zero. */
export function unit(vector: Float32Array): Float32Array {
  let squares = 0
  for (const value of vector) squares += value * value
  const length = Math.sqrt(squares) || 1
  return vector.map((value) => value / length)
}
