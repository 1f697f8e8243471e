import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

type Header = Record<string, { dtype: string; data_offsets: [number, number] }>

const portion = 1 << 20

function checkedSum(file: number): string {
  const hash = createHash('sha256')
  const bytes = new Uint8Array(portion)
  for (let at = 0; ; ) {
    const read = readSync(file, bytes, 0, portion, at)
    if (read === 0) return hash.digest('hex')
    hash.update(bytes.subarray(0, read))
    at += read
  }
}

/**
 * A safetensors file: a length, a header in JSON, then the numbers of one tensor after the other. It is read a tensor at
 * a time, and must be exactly the file that was measured.
 */
export function openWeights(path: string, sha256: string) {
  const file = openSync(path, 'r')

  function read(into: Uint8Array, at: number) {
    if (readSync(file, into, 0, into.length, at) < into.length) throw new Error(`${path} ends too early`)
    return into
  }

  const found = checkedSum(file)
  if (found !== sha256) {
    closeSync(file)
    throw new Error(`${path} is not the file it should be: its SHA-256 is ${found}`)
  }
  const length = Number(new DataView(read(new Uint8Array(8), 0).buffer).getBigUint64(0, true))
  const header: Header = JSON.parse(new TextDecoder().decode(read(new Uint8Array(length), 8)))

  /** Half precision, as it is stored, where other threads can see it. */
  function half(name: string): SharedArrayBuffer {
    const tensor = header[name]
    if (tensor?.dtype !== 'F16') throw new Error(`The model has no ${name} in half precision`)
    const [from, to] = tensor.data_offsets
    const values = new SharedArrayBuffer(to - from)
    read(new Uint8Array(values), 8 + length + from)
    return values
  }

  const floats = (name: string) => Float32Array.from(new Float16Array(half(name)))
  return { half, floats, close: () => closeSync(file) }
}

export type Weights = ReturnType<typeof openWeights>
