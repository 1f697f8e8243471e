import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { inFolder } from './support/folder.ts'
import { command, startInstalled } from './support/installed.ts'
import { judged, type Target } from './support/numbers.ts'
import { measured, table } from './support/table.ts'
import { firstVisit } from './support/wire.ts'

const rounds = 7

/** One start as `npm start` makes it, with an empty folder, and what the running Carrel takes. */
async function startOnce(folder: string) {
  mkdirSync(folder)
  const began = performance.now()
  const carrel = await startInstalled(folder)
  const ms = performance.now() - began
  await pause(1500)
  try {
    return { ms, mb: carrel.mb(), visit: await firstVisit(carrel.url) }
  } finally {
    await carrel.stop()
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
            atMost(150)
          )
        ],
        ['kB of first page without fonts', ...judged(kilobytes('page'), 1, atMost(40))],
        ['kB of its preloaded fonts', ...judged(kilobytes('fonts'), 1, atMost(80))]
      ],
      [
        `${rounds} starts of ${command}; the files of Node and of Carrel are in the system's cache after the first.`,
        `A first visit is ${starts[0]?.visit.files.length} files, with their heads: ${starts[0]?.visit.files.map((url) => new URL(url).pathname.replace(/^\/assets\/\w+\//, '')).join(', ')}`
      ]
    )
  })
}
