import { once } from 'node:events'
import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { frame } from './frames.ts'
import type { Limits } from './limits.ts'
import { Unreadable } from './unreadable.ts'

const portion = 64 * 1024

/** A file as it lies on disk, to be handed to the process that reads it. What fails here is not what is in the file. */
export async function openFile(file: string, name: string, limits: Limits) {
  const handle = await open(file)
  const { size } = await handle.stat()
  const refused = size === 0 ? 'empty' : size > limits.fileBytes ? 'fileBytes' : undefined
  if (refused) {
    await handle.close()
    throw new Unreadable(refused)
  }

  /** Hands it over bit by bit, as fast as it is taken; `gone` tells that there is nobody left to take it. */
  async function to(pipe: Writable, gone: AbortSignal) {
    pipe.write(frame({ name, size, limits }))
    for (let at = 0; at < size && pipe.writable; ) {
      const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(Math.min(portion, size - at)) })
      if (bytesRead === 0) throw new Error(`${file} grew shorter while it was read`)
      at += bytesRead
      if (!pipe.write(buffer.subarray(0, bytesRead))) await once(pipe, 'drain', { signal: gone }).catch(() => {})
    }
  }

  return { to, close: () => handle.close() }
}

export type Content = Awaited<ReturnType<typeof openFile>>
