import { setPriority } from 'node:os'

/**
 * Lets this thread, and those it starts, go behind the one that serves pages. Linux alone has priorities for threads;
 * elsewhere it would slow the whole server down.
 */
export function stepBack() {
  if (process.platform !== 'linux') return
  try {
    setPriority(10)
  } catch {
    // It may be forbidden: then pages wait a little longer while documents are read.
  }
}
