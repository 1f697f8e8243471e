import { residentBytes } from './resident.ts'
import type { Reason } from './unreadable.ts'

const everyMilliseconds = 50

type Allowed = { milliseconds: number; memory: number }

/** Stops a process that takes longer or needs more than it may. Answers with how to stop watching. */
export function watch(pid: number, { milliseconds, memory }: Allowed, stop: (why: Reason) => void) {
  let watching = true
  const late = setTimeout(stop, milliseconds, 'time')
  const look = setInterval(async () => {
    const resident = await residentBytes(pid)
    if (watching && resident > memory) stop('memory')
  }, everyMilliseconds)

  return () => {
    watching = false
    clearTimeout(late)
    clearInterval(look)
  }
}
