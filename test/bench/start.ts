import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { inFolder } from './support/folder.ts'
import { judged, type Target } from './support/numbers.ts'
import { measured, table } from './support/table.ts'
import { firstVisit } from './support/wire.ts'

const rounds = 7
const root = join(import.meta.dirname, '../..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
const entry = join(root, scripts.start.replace(/^node /, ''))

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

/** One start as `npm start` makes it, with an empty folder, and what the running Carrel takes. */
async function startOnce(folder: string) {
  mkdirSync(folder)
  const port = await freePort()
  const site = `http://127.0.0.1:${port}/`
  const env = { PATH: process.env.PATH, DATA_DIR: folder, PORT: String(port) }
  const began = performance.now()
  const child = spawn(process.execPath, [entry], { cwd: folder, env, stdio: 'ignore' })
  const ended = once(child, 'exit')
  try {
    await answers(site, child)
    const ms = performance.now() - began
    await pause(1500)
    const mb = process.platform === 'linux' ? residentMb(child.pid as number) : Number.NaN
    return { ms, mb, visit: await firstVisit(site) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

const atMost = (value: number): Target => ({ is: 'at most', value })

/** How soon Carrel answers, what it takes while nobody comes, and what a first visit loads. */
export function start() {
  return inFolder(async (folder) => {
    const starts: Awaited<ReturnType<typeof startOnce>>[] = []
    for (let round = 0; round < rounds; round += 1) starts.push(await startOnce(join(folder, String(round))))
    const kilobytes = (what: 'page' | 'fonts') => starts.map(({ visit }) => visit[what] / 1000)
    table(
      'start: an empty folder, then the first page',
      measured,
      [
        [
          'ms until / answers 200',
          ...judged(
            starts.map(({ ms }) => ms),
            0,
            atMost(1000)
          )
        ],
        [
          'MB resident when idle',
          ...judged(
            starts.map(({ mb }) => mb),
            1,
            atMost(100)
          )
        ],
        ['kB of first page without fonts', ...judged(kilobytes('page'), 1, atMost(40))],
        ['kB of its preloaded fonts', ...judged(kilobytes('fonts'), 1, atMost(80))]
      ],
      [
        `${rounds} starts of ${scripts.start}; the files of Node and of Carrel are in the system's cache after the first.`,
        `A first visit is ${starts[0]?.visit.files.length} files, with their heads: ${starts[0]?.visit.files.map((url) => new URL(url).pathname.replace(/^\/assets\/\w+\//, '')).join(', ')}`
      ]
    )
  })
}
