import { longestTrace } from '../limits.ts'
import { type Reason, Unreadable } from '../unreadable.ts'

const outOfMemory = /allocation failed|Invalid (?:array|string|typed array) length|Cannot create a string longer/i

function reasonOf(error: unknown): Reason {
  if (!(error instanceof Error)) return 'damaged'
  if (error.message.includes('call stack')) return 'depth'
  return outOfMemory.test(error.message) ? 'memory' : 'damaged'
}

/** Where an error was thrown, without what it says, which may be a piece of the file. */
function whereOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack?.split('\n') ?? []) : []
  const calls = lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim())
  return calls.join('\n').slice(0, longestTrace)
}

/** What an error of a parser means for the person whose file it was. */
export function trouble(error: unknown) {
  if (error instanceof Unreadable) return { unreadable: error.reason }
  return { unreadable: reasonOf(error), where: whereOf(error) }
}
