import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type Original = { file: string; bytes: number; hash: string }

/** What flows through is counted and hashed. */
function measuring() {
  const hash = createHash('sha256')
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      hash.update(chunk)
      done(null, chunk)
    }
  })
  return { meter, read: () => ({ bytes, hash: hash.digest('hex') }) }
}

/** The files people gave, as they gave them, under names of ours. */
export function originalsIn(dataDir: string) {
  const folder = join(dataDir, 'originals')
  const path = (file: string) => join(folder, file)
  mkdirSync(folder, { recursive: true, mode: 0o700 })

  /** A name in the folder survives a power cut only once the folder itself has been written. */
  async function flush() {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  }

  /** Keeps a stream as it comes; what is answered is on disk. */
  async function keep(stream: Readable): Promise<Original> {
    const file = randomBytes(16).toString('hex')
    const { meter, read } = measuring()
    try {
      await pipeline(stream, meter, createWriteStream(path(file), { flags: 'wx', mode: 0o600, flush: true }))
      await flush()
      return { file, ...read() }
    } catch (error) {
      await discard(file)
      throw error
    }
  }

  const discard = (file: string) => rm(path(file), { force: true })
  const read = (file: string) => createReadStream(path(file))

  const isThere = (file: string) => existsSync(path(file))

  /** What a file is now, or nothing where there is none. */
  async function measure(file: string): Promise<Omit<Original, 'file'> | undefined> {
    const { meter, read: measured } = measuring()
    try {
      await pipeline(read(file), meter.resume())
      return measured()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }

  /** Files that were there before some moment; one may go while this looks. */
  async function bornBefore(moment: number): Promise<string[]> {
    const files = await readdir(folder)
    const born = await Promise.all(files.map((file) => stat(path(file)).catch(() => undefined)))
    return files.filter((_, index) => (born[index]?.mtimeMs ?? Number.POSITIVE_INFINITY) < moment)
  }

  return { path, keep, discard, read, isThere, measure, bornBefore }
}

export type Originals = ReturnType<typeof originalsIn>
