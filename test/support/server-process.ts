import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Test } from 'tap'

const script = join(import.meta.dirname, '../../src/start.js')
const usual = { PORT: '0', LOG_LEVEL: 'error', HASH_MEMORY_MB: '1', SIGNUP_LIMIT: '100000', API_LIMIT: '1000000' }

type Options = { settings?: Record<string, string>; before?: string[] }
type Answer = { id: string; token: string }

/** A server process of its own, once it takes requests. `before` is what runs it, if it is not run by itself. */
export async function serve(t: Test, folder: string, { settings = {}, before = [] }: Options = {}) {
  // As it is: the test runner would otherwise slip its own code into every Node that is started.
  const command = ['-u', 'NODE_OPTIONS', ...before, process.execPath, script]
  const NODE_COMPILE_CACHE = join(folder, 'compiled')
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE, ...usual, DATA_DIR: join(folder, 'data'), ...settings }
  const child = spawn('env', command, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const gone = once(child, 'exit')
  const end = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid as number), signal)
    return gone
  }
  t.teardown(() => end('SIGKILL'))

  let said = ''
  const site = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        said += text
        const open = /Carrel is open at (http:\/\/127\.0\.0\.1:\d+)\n/.exec(said)
        if (open) resolve(open[1] as string)
      })
    }
    child.once('exit', () => reject(new Error(`The server did not start: ${said}`)))
  })

  async function send(method: string, path: string, body?: object, token?: string) {
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` })
    }
    const answer = await fetch(site + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.status === 204 ? undefined : answer.json()
  }
  const post = (path: string, body: object, token?: string) => send('POST', path, body, token) as Promise<Answer>
  return { site, send, post, end, said: () => said }
}

export type Server = Awaited<ReturnType<typeof serve>>
