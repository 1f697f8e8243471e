import type { IncomingMessage } from 'node:http'
import { pipeline, Readable, type Transform } from 'node:stream'
import { constants, createBrotliDecompress, createUnzip, createZstdDecompress } from 'node:zlib'
import { PageRefused } from './refused.ts'

/** The largest window that HTTP allows for zstd; a larger one would take more memory than a page is worth. */
const zstdWindow = { [constants.ZSTD_d_windowLogMax]: 23 }

const unpackers: Record<string, () => Transform> = {
  gzip: createUnzip,
  'x-gzip': createUnzip,
  deflate: createUnzip,
  br: createBrotliDecompress,
  zstd: () => createZstdDecompress({ params: zstdWindow })
}

const tooLarge = () => new PageRefused('This page is larger than a document may be here.')

async function* atMost(most: number, source: AsyncIterable<Buffer>) {
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > most) throw tooLarge()
    yield chunk
  }
}

/** The page as it was before it was packed, piece by piece; what arrives and what comes out of it are both counted. */
export async function* unpacked(response: IncomingMessage, most: number): AsyncGenerator<Buffer> {
  const packing = response.headers['content-encoding']?.trim().toLowerCase() || 'identity'
  const unpacker = Object.hasOwn(unpackers, packing) ? unpackers[packing] : undefined
  if (!unpacker && packing !== 'identity')
    throw new PageRefused('This page is packed in a way that Carrel cannot open.')
  if (Number(response.headers['content-length']) > most) throw tooLarge()

  const arriving = Readable.from(atMost(most, response), { objectMode: false })
  const whole = unpacker ? pipeline(arriving, unpacker(), () => {}) : arriving
  try {
    yield* atMost(most, whole)
  } catch (cause) {
    if (cause instanceof PageRefused) throw cause
    throw new PageRefused('This page broke off before it was whole.', { cause })
  }
}
