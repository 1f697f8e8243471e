import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'

const politely = 19

/**
 * Lets the threads that hash passwords step back behind the one that serves pages; the lanes of a hash inherit it.
 * Linux alone has priorities for threads. Elsewhere, and where it is forbidden, pages wait a little longer.
 */
export function yieldToPages() {
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      const name = readFileSync(`/proc/self/task/${thread}/comm`, 'utf8')
      if (name.startsWith('libuv-worker')) setPriority(Number(thread), politely)
    }
  } catch {
    // There is no such folder, or it may not be done: nothing depends on it.
  }
}
