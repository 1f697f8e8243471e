import { bytes, float, type Message, message, number, text, written } from './protobuf.ts'

// The numbers of fields and types are those of onnx.proto, in which the format is written down.
const elementTypes = { float: 1, uint8: 2, int8: 3 }
const ownOperators = 'com.microsoft'

export type Tensor = { type: keyof typeof elementTypes; dims: number[]; values: Float32Array | Int8Array | Uint8Array }
type Attributes = Record<string, { float: number } | { int: number }>
type Operator = { attributes?: Attributes; outputs?: number; standard?: boolean }

function attribute(name: string, value: Attributes[string]): Message {
  const [kind, content] = 'int' in value ? [2, number(3, value.int)] : [1, float(2, value.float)]
  return message(5, [...text(1, name), ...content, ...number(20, kind)])
}

function port(field: number, name: string, dims: (number | string)[]): Message {
  const shape = dims.flatMap((dim) => message(1, typeof dim === 'number' ? number(1, dim) : text(2, dim)))
  const type = message(1, [...number(1, elementTypes.float), ...message(2, shape)])
  return message(field, [...text(1, name), ...message(2, type)])
}

/** A graph of operators in the making; whatever is added answers with the name under which it can be used. */
export class Graph {
  readonly #parts: Message = []
  #count = 0

  input(name: string, dims: (number | string)[]): string {
    this.#parts.push(...port(11, name, dims))
    return name
  }

  output(name: string, dims: (number | string)[]) {
    this.#parts.push(...port(12, name, dims))
  }

  constant({ type, dims, values }: Tensor): string {
    const name = `constant${++this.#count}`
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    const head = [...dims.flatMap((dim) => number(1, dim)), ...number(2, elementTypes[type]), ...text(8, name)]
    this.#parts.push(...message(5, [...head, ...bytes(9, raw)]))
    return name
  }

  /** Its outputs; an input without a name is one that the operator can do without. */
  apply(
    operator: string,
    inputs: string[],
    { attributes = {}, outputs = 1, standard = false }: Operator = {}
  ): string[] {
    const names = Array.from({ length: outputs }, () => `value${++this.#count}`)
    const node = [
      ...inputs.flatMap((name) => text(1, name)),
      ...names.flatMap((name) => text(2, name)),
      ...text(4, operator),
      ...Object.entries(attributes).flatMap(([name, value]) => attribute(name, value)),
      ...(standard ? [] : text(7, ownOperators))
    ]
    this.#parts.push(...message(1, node))
    return names
  }

  write(): SharedArrayBuffer {
    const operators = (domain: string, version: number) => message(8, [...text(1, domain), ...number(2, version)])
    const graph = message(7, [...this.#parts, ...text(2, 'minilm')])
    return written([...number(1, 8), ...operators('', 17), ...operators(ownOperators, 1), ...graph])
  }
}
