import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Not by a thread of its own, which would wait behind passwords that are being hashed; there is no disk to wait for. */
async function fromProc(pid: number) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0)
}

async function fromPs(pid: number) {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: 1000 })
  return Number(stdout.trim())
}

/**
 * The bytes of memory that a process really has, asked from outside, because one that has run away does not tell.
 * Where nobody can be asked, as on Windows, it is nothing: there the limit of its heap alone holds it.
 */
export async function residentBytes(pid: number): Promise<number> {
  const ask = process.platform === 'linux' ? fromProc : fromPs
  return 1024 * (await ask(pid).catch(() => 0))
}
