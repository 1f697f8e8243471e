import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8'
}
const special: Record<string, string> = { 'speculation-rules.json': 'application/speculationrules+json' }
const packed = promisify(brotliCompress)

export type SmallFile = {
  name: string
  type: string
  content: Buffer
  /** The same for a browser that unpacks it, which is a third; made when it is first asked for. */
  packed(): Promise<Buffer>
}

/** The files of a folder, which are few and small enough to be kept in memory. */
export function smallFiles(folder: string): SmallFile[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const content = readFileSync(join(folder, name))
      let once: Promise<Buffer> | undefined
      return {
        name,
        type: special[name] ?? types[extname(name)] ?? 'application/octet-stream',
        content,
        packed() {
          once ??= packed(content)
          return once
        }
      }
    })
}
