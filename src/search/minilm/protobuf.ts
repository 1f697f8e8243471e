/** Just enough of Protocol Buffers to write a model: a message is the list of its fields. */
export type Message = Uint8Array[]

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}

const encoder = new TextEncoder()
const sizeOf = (parts: Uint8Array[]) => parts.reduce((sum, part) => sum + part.length, 0)

export const number = (field: number, value: number): Message => [
  Uint8Array.from([...varint(field * 8), ...varint(value)])
]

export function float(field: number, value: number): Message {
  const bytes = new Uint8Array(5)
  bytes[0] = field * 8 + 5
  new DataView(bytes.buffer).setFloat32(1, value, true)
  return [bytes]
}

export const bytes = (field: number, value: Uint8Array): Message => message(field, [value])
export const text = (field: number, value: string): Message => message(field, [encoder.encode(value)])

/** The head of a field and the parts of its value, which are not copied before the whole is written out. */
export function message(field: number, parts: Message): Message {
  return [Uint8Array.from([...varint(field * 8 + 2), ...varint(sizeOf(parts))]), ...parts]
}

/** All of it in a row, where other threads can see it. */
export function written(parts: Message): SharedArrayBuffer {
  const whole = new Uint8Array(new SharedArrayBuffer(sizeOf(parts)))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole.buffer
}
