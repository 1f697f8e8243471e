import { type ChildProcess, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import type { Limits } from './limits.ts'

const here = import.meta.dirname
const root = join(here, '../../..')

export const ownProgram = join(here, 'inside/main.ts')

/** Its own code and nobody's documents: the file it reads is handed to it, so that there is none it could open. */
function readable(program: string) {
  const code = [here, dirname(program), join(root, 'node_modules'), join(root, 'package.json')]
  return [...new Set(code.flatMap((path) => [path, realpathSync(path)]))].map((path) => `--allow-fs-read=${path}`)
}

const heapShare = 0.75

function flags(program: string, memory: number) {
  return [
    '--permission',
    ...readable(program),
    `--max-old-space-size=${Math.floor((memory * heapShare) / 1024 / 1024)}`,
    '--disable-proto=delete',
    '--disallow-code-generation-from-strings',
    '--disable-sigusr1',
    '--unhandled-rejections=none',
    '--no-global-search-paths'
  ]
}

/**
 * The kernel holds it too: the first to go when the machine runs out of memory, no file of any size, no image of its
 * memory left on disk, and an end to its time even if nobody is left to stop it.
 */
const held = (seconds: number) =>
  `echo 1000 >/proc/self/oom_score_adj; ulimit -f 0; ulimit -c 0; ulimit -t ${seconds}; exec /usr/bin/env -i "$0" "$@"`

/** It steps back behind the process that serves pages. Where that is forbidden, pages wait a little longer. */
function stepBack(pid: number) {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {}
}

/** A process with an empty environment, one pipe to hear what it is to read and one to answer on, and no others. */
export function startProcess(program: string, { memory, milliseconds }: Limits): ChildProcess {
  const node = [process.execPath, ...flags(program, memory), program]
  const enough = Math.ceil((4 * milliseconds) / 1000)
  const [command, ...rest] = process.platform === 'win32' ? node : ['/bin/sh', '-c', held(enough), ...node]
  const started = spawn(command as string, rest, {
    env: {},
    cwd: here,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    windowsHide: true
  })
  if (started.pid) stepBack(started.pid)
  return started
}
