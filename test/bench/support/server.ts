import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const servers = join(import.meta.dirname, '../servers')

async function heard<Message>(child: ChildProcess): Promise<Message> {
  const gone = new AbortController()
  const left = once(child, 'exit', { signal: gone.signal }).then(([code]) => {
    throw new Error(`a server of the bench ended by itself (${code})`)
  })
  try {
    return (await Promise.race([once(child, 'message', { signal: gone.signal }), left]))[0] as Message
  } finally {
    left.catch(() => {})
    gone.abort()
  }
}

/** One of `servers/` in a process of its own, which tells how much processor time it has used. */
export async function startServer(file: string, settings: Record<string, string>) {
  const child = fork(join(servers, file), { cwd: servers, env: { NODE_ENV: 'production', ...settings } })
  const { port } = await heard<{ port: number }>(child)

  async function cpu(): Promise<number> {
    const answer = heard<number>(child)
    child.send('cpu')
    return answer
  }

  async function stop() {
    const left = once(child, 'exit')
    child.disconnect()
    await left
  }
  return { url: `http://127.0.0.1:${port}/`, pid: child.pid as number, cpu, stop }
}

export type Server = Awaited<ReturnType<typeof startServer>>

const secret = 'only for the bench on one machine for a minute'

export const startCarrel = (folder: string) =>
  startServer('carrel.ts', { DATA_DIR: folder, SECRET_KEY: secret, LOG_LEVEL: 'warn', API_LIMIT: '1000000' })
