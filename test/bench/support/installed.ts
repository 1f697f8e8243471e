import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const root = join(import.meta.dirname, '../../..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
const entry = join(root, scripts.start.replace(/^node /, ''))

export const command = scripts.start

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

async function answers(url: string, child: ChildProcess) {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.status === 200) return
    if (child.exitCode !== null) throw new Error(`Carrel ended while it started (${child.exitCode})`)
    await pause(5)
  }
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}

/** Carrel as `npm start` starts it, once it answers. */
export async function startInstalled(folder: string, settings: Record<string, string> = {}) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const env = { PATH: process.env.PATH, DATA_DIR: folder, PORT: String(port), API_LIMIT: '1000000', ...settings }
  const child = spawn(process.execPath, [entry], { cwd: folder, env, stdio: 'ignore' })
  const ended = once(child, 'exit')
  async function stop() {
    child.kill('SIGTERM')
    await ended
  }
  await answers(url, child).catch(async (error) => {
    await stop()
    throw error
  })
  return {
    url,
    pid: child.pid as number,
    stop,
    /** What it takes of the memory, where the system tells. */
    mb: () => (process.platform === 'linux' ? residentMb(child.pid as number) : Number.NaN)
  }
}

export type Installed = Awaited<ReturnType<typeof startInstalled>>
