import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise } from 'yauzl'
import type { Limits } from '../limits.ts'
import { Unreadable } from '../unreadable.ts'

const localHeaderBytes = 30

const damaged = (): never => {
  throw new Unreadable('damaged')
}

async function all<One>(some: AsyncIterable<One>): Promise<One[]> {
  const found: One[] = []
  for await (const one of some) found.push(one)
  return found
}

/** No two entries share bytes, as they do where a small file is to become a very large one. */
function lieApart(entries: Entry[]) {
  const inOrder = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  return inOrder.every((entry, at) => {
    const next = inOrder[at + 1]
    const end = entry.relativeOffsetOfLocalHeader + localHeaderBytes + entry.fileNameLength + entry.compressedSize
    return !next || end <= next.relativeOffsetOfLocalHeader
  })
}

/**
 * What every zipped format is read through. What is counted against the limit is what really comes out of it, whatever
 * its headers claim, and what comes out is checked against its sum.
 */
export async function openZip(bytes: Buffer, limits: Limits) {
  const zip = await fromBufferPromise(bytes, {}).catch(damaged)
  if (zip.entryCount > limits.entries) throw new Unreadable('entries')
  const found = await all(zip.eachEntry()).catch(damaged)
  const entries = new Map(found.map((entry) => [entry.fileName, entry]))
  if (entries.size < found.length || !lieApart(found)) damaged()
  let unpacked = 0

  /** What is in it, bit by bit; nothing where there is no such part. */
  async function* part(name: string): AsyncGenerator<Buffer, void> {
    const entry = entries.get(name)
    if (!entry) return
    if (entry.isEncrypted()) throw new Unreadable('password')
    if (!entry.canDecodeFileData()) throw new Unreadable('damaged')
    let sum = 0
    try {
      for await (const chunk of await zip.openReadStreamPromise(entry)) {
        unpacked += chunk.length
        if (unpacked > limits.unpackedBytes) throw new Unreadable('unpackedBytes')
        sum = crc32(chunk, sum)
        yield chunk
      }
    } catch (error) {
      throw error instanceof Unreadable ? error : new Unreadable('damaged')
    }
    if (sum !== entry.crc32) throw new Unreadable('damaged')
  }

  return {
    names: [...entries.keys()],
    has: (name: string) => entries.has(name),
    part,
    whole: async (name: string) => Buffer.concat(await all(part(name)))
  }
}

export type Zip = Awaited<ReturnType<typeof openZip>>
