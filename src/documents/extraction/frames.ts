const lengthBytes = 4

/** What is said from one process to the other: how many bytes follow, then as many of JSON. */
export function frame(said: object): Buffer {
  const body = Buffer.from(JSON.stringify(said))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

export class TooLong extends Error {}

/** Each frame of a stream as soon as it is whole; one that claims to be longer than that is not waited for. */
export async function* framesOf(stream: AsyncIterable<Buffer>, longest: number): AsyncGenerator<Buffer, void> {
  let waiting: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk])
    while (waiting.length >= lengthBytes) {
      const end = lengthBytes + waiting.readUInt32BE()
      if (end > longest) throw new TooLong()
      if (waiting.length < end) break
      yield waiting.subarray(lengthBytes, end)
      waiting = waiting.subarray(end)
    }
  }
}
